package dev.proteus.backend.cpu;

import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.Scalar;
import java.util.List;

/// Runs an expression for every element, block by block.
final class MapKernel implements Kernel {
  private final BlockProgram program;
  private final List<Scalar> constants;
  private final Frames frames;
  private final Threads threads;

  MapKernel(Programs.Bound bound, Frames frames, Threads threads) {
    this.program = bound.program();
    this.constants = bound.constants();
    this.frames = frames;
    this.threads = threads;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    long n = out.layout().numel();
    if (n == 0) {
      return;
    }
    Path[] paths = paths(inputs, out);
    if (n <= Frame.BLOCK) {
      range(paths, 0, n);
      return;
    }
    long grain = Math.max(1, Costs.grain(program.cost()) / Frame.BLOCK) * Frame.BLOCK;
    threads.forRange(n, grain, (from, to) -> range(paths, from, to));
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

  /// Those of the operands, of the coordinates, and of the result.
  private Path[] paths(List<Operand> inputs, Operand out) {
    int operands = program.inputs();
    int[] coordinates = program.coordinates();
    Path[] paths = new Path[operands + coordinates.length + 1];
    return coordinates.length == 0 && flat(inputs, out, paths)
        ? paths
        : strided(inputs, out, paths);
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

  private Path[] strided(List<Operand> inputs, Operand out, Path[] paths) {
    int[] coordinates = program.coordinates();
    int rank = out.layout().rank();
    int operands = program.inputs();
    long[][] strides = new long[paths.length][];
    for (int i = 0; i < operands; i++) {
      strides[i] = inputs.get(i).layout().strides();
    }
    for (int i = 0; i < coordinates.length; i++) {
      strides[operands + i] = Space.coordinate(coordinates[i], rank);
    }
    strides[paths.length - 1] = out.layout().strides();
    Space space = Space.of(out.shape(), strides, Space.order(out.layout()));
    for (int i = 0; i < operands; i++) {
      paths[i] = Path.of(inputs.get(i), space.sizes(), space.strides(i));
    }
    for (int i = 0; i < coordinates.length; i++) {
      paths[operands + i] = Path.coordinate(space.sizes(), space.strides(operands + i));
    }
    paths[paths.length - 1] = Path.of(out, space.sizes(), space.strides(paths.length - 1));
    return paths;
  }
}
