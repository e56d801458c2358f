package dev.proteus.backend.cpu;

import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.ArrayList;
import java.util.List;

/// Runs an expression for every element, block by block.
final class MapKernel implements Kernel {
  /// Elements from which it pays to copy an operand that lies across.
  private static final long LARGE = 1 << 15;

  private final BlockProgram program;
  private final List<Scalar> constants;
  private final Frames frames;
  private final CpuBackend backend;

  MapKernel(Programs.Bound bound, Frames frames, CpuBackend backend) {
    this.program = bound.program();
    this.constants = bound.constants();
    this.frames = frames;
    this.backend = backend;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    long n = out.layout().numel();
    if (n == 0) {
      return;
    }
    Path[] paths = new Path[program.inputs() + program.coordinates().length + 1];
    if (program.coordinates().length == 0 && flat(inputs, out, paths)) {
      all(paths, n);
    } else {
      List<CpuStorage> copies = strided(inputs, out, paths);
      all(paths, n);
      copies.forEach(CpuStorage::release);
    }
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

  /// Fills `paths` if a single step leads through each operand.
  private boolean flat(List<Operand> inputs, Operand out, Path[] paths) {
    boolean one = out.layout().numel() == 1;
    if (!one && !out.layout().isContiguous()) {
      return false;
    }
    for (int i = 0; i < program.inputs(); i++) {
      int step = one ? 1 : Space.step(inputs.get(i).layout());
      if (step == Path.MANY_STEPS) {
        return false;
      }
      paths[i] = Path.flat(inputs.get(i), step);
    }
    paths[paths.length - 1] = Path.flat(out, 1);
    return true;
  }

  /// Fills `paths` for any layouts. An operand that lies across the result is copied first, else
  /// every element read would move a whole line of the cache; the copies are the caller's to
  /// release.
  private List<CpuStorage> strided(List<Operand> inputs, Operand out, Path[] paths) {
    int[] coordinates = program.coordinates();
    int operands = program.inputs();
    Space space = space(inputs, out, paths.length);
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

  private Space space(List<Operand> inputs, Operand out, int count) {
    int[] coordinates = program.coordinates();
    int operands = program.inputs();
    long[][] strides = new long[count][];
    for (int i = 0; i < operands; i++) {
      strides[i] = inputs.get(i).layout().strides();
    }
    for (int i = 0; i < coordinates.length; i++) {
      strides[operands + i] = Space.coordinate(coordinates[i], out.layout().rank());
    }
    strides[count - 1] = out.layout().strides();
    return Space.of(out.shape(), strides, Space.order(out.layout()));
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
