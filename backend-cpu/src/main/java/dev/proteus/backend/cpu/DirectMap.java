package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.vector.Arithmetic;
import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.MemoryLoops;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// A program of one arithmetic function or one scaled sum of float32, run straight over memory:
/// such a map waits for the memory, and each block in between would make it wait twice.
final class DirectMap {
  /// Elements in a row from which it pays.
  private static final long ROW = 256;

  /// Elements from which it pays to look for rows.
  private static final long MANY = 1 << 13;

  private final MemoryLoops loops;
  private final Body body;
  private final int left;

  /// The operand on the right, or -1 for a constant.
  private final int right;

  private DirectMap(MemoryLoops loops, Body body, int left, int right) {
    this.loops = loops;
    this.body = body;
    this.left = left;
    this.right = right;
  }

  /// What is computed of the operands.
  private sealed interface Body {
    /// A function of both.
    record Both(Arithmetic fn) implements Body {}

    /// A function of the left one and a constant.
    record One(Arithmetic fn, float constant) implements Body {}

    /// The sum of both, multiplied by constants.
    record Sum(float leftFactor, float rightFactor) implements Body {}
  }

  /// The direct way of a program, if it has one.
  static Optional<DirectMap> of(BlockProgram program, List<Scalar> constants, Loops loops) {
    return loops
        .memory()
        .flatMap(memory ->
            call(program, constants, memory)
                .or(() -> program.scaledSum().map(sum -> sum(sum, constants, memory))));
  }

  private static Optional<DirectMap> call(
      BlockProgram program, List<Scalar> constants, MemoryLoops memory) {
    Optional<Instruction.Floats> call = program.singleCall();
    Optional<Arithmetic> fn = call.flatMap(floats -> Arithmetic.of(floats.fn()));
    if (fn.isEmpty()) {
      return Optional.empty();
    }
    int left = program.operandIn(call.get().a());
    int right = program.operandIn(call.get().b());
    if (left < 0 || right < 0 && program.fills().size() != 1) {
      return Optional.empty();
    }
    Body body =
        right < 0
            ? new Body.One(
                fn.get(), (float) constants.get(program.fills().getFirst().slot()).asDouble())
            : new Body.Both(fn.get());
    return Optional.of(new DirectMap(memory, body, left, right));
  }

  private static DirectMap sum(ScaledSum sum, List<Scalar> constants, MemoryLoops memory) {
    Body body = new Body.Sum(sum.left().factor(constants), sum.right().factor(constants));
    return new DirectMap(memory, body, sum.left().operand(), sum.right().operand());
  }

  /// Runs on these operands if they lie in long rows of float32; else does nothing and says so.
  boolean run(List<Operand> inputs, Operand out, Threads threads) {
    long n = out.layout().numel();
    Operand a = inputs.get(left);
    Operand b = right < 0 ? a : inputs.get(right);
    if (n < ROW || !isFloat(out) || !isFloat(a) || !isFloat(b)) {
      return false;
    }
    Rows rows = new Rows(out, a, b);
    if (isRow(out) && isRow(a) && isRow(b)) {
      threads.forRange(n, Costs.GRAIN, (from, to) -> rows.run(from, from, from, 1, to - from));
      return true;
    }
    return n >= MANY && byRows(rows, threads);
  }

  private static boolean isFloat(Operand operand) {
    return operand.dtype() == DType.FLOAT32;
  }

  private static boolean isRow(Operand operand) {
    return operand.layout().isContiguous();
  }

  private boolean byRows(Rows rows, Threads threads) {
    Space space = rows.space();
    if (space.lastSize() < ROW
        || space.lastStride(0) != 1
        || space.lastStride(1) != 1
        || space.lastStride(2) > 1
        || space.lastStride(2) == 0 && body instanceof Body.Sum) {
      return false;
    }
    threads.forRange(space.numel(), Costs.GRAIN, (from, to) -> range(rows, space, from, to));
    return true;
  }

  private static void range(Rows rows, Space space, long from, long to) {
    Walk walk = new Walk(space, 3);
    walk.moveTo(from);
    for (long left = to - from; left > 0; ) {
      long run = Math.min(left, walk.run());
      rows.run(walk.offset(0), walk.offset(1), walk.offset(2), space.lastStride(2), run);
      walk.advance(run);
      left -= run;
    }
  }

  /// The memory of one run's result and operands; places are counted in elements.
  private final class Rows {
    private final Operand out;
    private final Operand a;
    private final Operand b;
    private final long outStart;
    private final long aStart;
    private final long bStart;

    Rows(Operand out, Operand a, Operand b) {
      this.out = out;
      this.a = a;
      this.b = b;
      this.outStart = CpuStorage.start(out);
      this.aStart = CpuStorage.start(a);
      this.bStart = CpuStorage.start(b);
    }

    Space space() {
      long[][] strides = {out.layout().strides(), a.layout().strides(), b.layout().strides()};
      return Space.of(out.shape(), strides, Space.order(out.layout()));
    }

    void run(long outAt, long aAt, long bAt, long bStep, long n) {
      MemorySegment to = CpuStorage.segment(out);
      MemorySegment x = CpuStorage.segment(a);
      MemorySegment y = CpuStorage.segment(b);
      long target = outStart + 4 * outAt;
      long source = aStart + 4 * aAt;
      long other = bStart + 4 * bAt;
      switch (body) {
        case Body.One(Arithmetic fn, float constant) ->
            loops.apply(fn, to, target, x, source, constant, n);
        case Body.Both(Arithmetic fn) when bStep == 0 ->
            loops.apply(fn, to, target, x, source, y.get(Elements.FLOAT, other), n);
        case Body.Both(Arithmetic fn) -> loops.apply(fn, to, target, x, source, y, other, n);
        case Body.Sum(float factor, float otherFactor) ->
            loops.addScaled(to, target, x, source, factor, y, other, otherFactor, n);
      }
    }
  }
}
