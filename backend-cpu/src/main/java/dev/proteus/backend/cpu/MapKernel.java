package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs an expression for every element, block by block.
final class MapKernel implements Kernel {
  /// Elements from which it pays to copy an operand that lies across.
  private static final long LARGE = 1 << 15;

  private final BlockProgram program;
  private final List<Scalar> constants;
  private final Frames frames;
  private final CpuBackend backend;
  private final Optional<DirectMap> direct;

  MapKernel(Programs.Bound bound, Frames frames, CpuBackend backend) {
    this.program = bound.program();
    this.constants = bound.constants();
    this.frames = frames;
    this.backend = backend;
    this.direct = DirectMap.of(program, constants, frames.loops());
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    long n = out.layout().numel();
    if (n == 0 || direct.isPresent() && direct.get().run(inputs, out, backend.threads())) {
      return;
    }
    Path[] paths = new Path[program.inputs() + program.coordinates().length + 1];
    if (isFlat(out) && Paths.flat(program, inputs, paths)) {
      paths[paths.length - 1] = Path.flat(out, 1);
      all(paths, n);
    } else {
      List<CpuStorage> copies = strided(inputs, out, paths);
      all(paths, n);
      copies.forEach(CpuStorage::release);
    }
  }

  private boolean isFlat(Operand out) {
    return program.coordinates().length == 0
        && (out.layout().isContiguous() || out.layout().numel() == 1);
  }

  private void all(Path[] paths, long n) {
    if (n <= Frame.BLOCK) {
      range(paths, 0, n);
      return;
    }
    long grain = Math.max(1, Costs.grain(program.cost()) / Frame.BLOCK) * Frame.BLOCK;
    backend.threads().forRange(n, grain, (from, to) -> range(paths, from, to));
  }

  private void range(Path[] paths, long from, long to) {
    Path target = paths[paths.length - 1];
    Frame frame = frames.take();
    frame.bind(program, constants, paths, (int) Math.min(Frame.BLOCK, to - from));
    for (long at = from; at < to; at += Frame.BLOCK) {
      int count = (int) Math.min(Frame.BLOCK, to - at);
      program.run(frame, at, count);
      target.store(frame, program.result(), at, count);
    }
    frames.giveBack(frame);
  }

  /// Fills `paths` for any layouts. An operand that lies across the result is copied first, else
  /// every element read would move a whole line of the cache; the copies are the caller's to
  /// release.
  private List<CpuStorage> strided(List<Operand> inputs, Operand out, Path[] paths) {
    int[] coordinates = program.coordinates();
    int operands = program.inputs();
    Space space =
        Space.of(out.shape(), Paths.strides(program, inputs, out), Space.order(out.layout()));
    List<CpuStorage> copies = new ArrayList<>(0);
    for (int i = 0; i < operands; i++) {
      paths[i] =
          out.layout().numel() >= LARGE && space.isAcross(i)
              ? copied(inputs.get(i), out, copies)
              : Path.of(inputs.get(i), space.sizes(), space.strides(i));
    }
    for (int i = 0; i < coordinates.length; i++) {
      paths[operands + i] = Path.coordinate(space.sizes(), space.strides(operands + i));
    }
    paths[paths.length - 1] = Path.of(out, space.sizes(), space.strides(paths.length - 1));
    return copies;
  }

  /// The operand in the order of the result.
  private Path copied(Operand operand, Operand out, List<CpuStorage> copies) {
    DType dtype = operand.dtype();
    CpuStorage storage = backend.allocate(out.layout().numel() * dtype.bytes());
    copies.add(storage);
    Operand copy = new Operand(storage, out.layout().densePermutation(), dtype);
    new CopyKernel(backend.threads()).copy(operand, copy);
    return Path.flat(copy, 1);
  }
}
