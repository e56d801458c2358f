package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.MemoryLoops;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.Scalar;
import java.util.List;
import java.util.Optional;

/// Folds an expression over axes.
///
/// Two ways, whichever passes the operands in the smaller steps: row by row, where the folded axes
/// move fastest, or column by column, where the kept ones do and a block of results grows at a
/// time. Blocks are cut by the sizes alone and combined in their order, so the result does not
/// depend on the number of threads.
final class ReduceKernel implements Kernel {
  /// Folded elements too few to make a row, and results enough to make columns of.
  private static final long SHORT_ROW = 16;

  private static final int LONG_STEP = 8;

  private final Reduce op;
  private final BlockProgram program;
  private final List<Scalar> constants;
  private final Frames frames;
  private final Threads threads;

  ReduceKernel(Reduce op, Programs.Bound bound, Frames frames, Threads threads) {
    this.op = op;
    this.program = bound.program();
    this.constants = bound.constants();
    this.frames = frames;
    this.threads = threads;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    if (out.layout().numel() > 0 && !foldedAtOnce(inputs, out)) {
      Folding folding = new Folding(inputs, out);
      if (folding.isByRows()) {
        RowReduction.run(folding);
      } else {
        ColumnReduction.run(folding);
      }
    }
  }

  /// Folds everything into one result, if it fits in a block and lies in a row: short losses,
  /// mostly.
  private boolean foldedAtOnce(List<Operand> inputs, Operand out) {
    long n = inputs.getFirst().layout().numel();
    Path[] paths = new Path[program.inputs()];
    if (out.layout().numel() != 1
        || n == 0
        || n > Frame.BLOCK
        || program.coordinates().length > 0
        || !Paths.flat(program, inputs, paths)) {
      return false;
    }
    Frame frame = frames.take();
    frame.bind(program, constants, paths, (int) n);
    program.run(frame, 0, (int) n);
    frame.fold(Bank.of(program.dtype()), op.kind(), program.result(), (int) n);
    Path.flat(out, 1).store(frame, program.result(), 0, 1);
    frames.giveBack(frame);
    return true;
  }

  /// One run: the results' axes, the folded axes, and how the operands pass both.
  final class Folding {
    private final List<Operand> inputs;
    private final Operand out;
    private final boolean[] isFolded;
    private final Space kept;
    private final Space folded;

    Folding(List<Operand> inputs, Operand out) {
      this.inputs = inputs;
      this.out = out;
      this.isFolded = new boolean[out.layout().rank()];
      for (int axis : op.axes()) {
        isFolded[axis] = true;
      }
      long[][] strides = Paths.strides(program, inputs, out);
      var shape = inputs.getFirst().shape();
      kept = Space.of(shape, strides, kept(Space.order(out.layout())));
      folded = Space.of(shape, strides, folded(Space.order(inputs.getFirst().layout())));
    }

    private int[] kept(int[] order) {
      int[] axes = new int[order.length - op.axes().size()];
      int count = 0;
      for (int axis : order) {
        if (!isFolded[axis]) {
          axes[count++] = axis;
        }
      }
      return axes;
    }

    private int[] folded(int[] order) {
      int[] axes = new int[op.axes().size()];
      int count = 0;
      for (int axis : order) {
        if (isFolded[axis]) {
          axes[count++] = axis;
        }
      }
      return axes;
    }

    boolean isByRows() {
      if (kept.numel() >= 4 * SHORT_ROW && folded.numel() < SHORT_ROW) {
        return false;
      }
      int rows = 0;
      int columns = 0;
      for (int i = 0; i < program.inputs(); i++) {
        rows += folded.lastStride(i) > 1 ? LONG_STEP : 1;
        columns += kept.lastStride(i) > 1 ? LONG_STEP : 1;
      }
      return rows <= columns;
    }

    Reduce.Kind kind() {
      return op.kind();
    }

    Bank bank() {
      return Bank.of(program.dtype());
    }

    BlockProgram program() {
      return program;
    }

    Threads threads() {
      return threads;
    }

    /// Number of results.
    long results() {
      return kept.numel();
    }

    /// Number of elements folded into each.
    long length() {
      return folded.numel();
    }

    /// Loops that fold straight from memory, for a program that is its operand.
    Optional<MemoryLoops> direct() {
      return program.isOperand() ? frames.loops().memory() : Optional.empty();
    }

    /// A frame for reading the operands along `paths`.
    Frame take(Path[] paths) {
      Frame frame = frames.take();
      frame.bind(program, constants, paths, Frame.BLOCK);
      return frame;
    }

    void giveBack(Frame frame) {
      frames.giveBack(frame);
    }

    /// The operands with the folded axes moving fastest.
    Path[] byRows() {
      return paths(kept, folded);
    }

    /// The operands with the kept axes moving fastest.
    Path[] byColumns() {
      return paths(folded, kept);
    }

    /// The results.
    Path target() {
      int last = program.inputs() + program.coordinates().length;
      return Path.of(out, kept.sizes(), kept.strides(last));
    }

    private Path[] paths(Space outer, Space inner) {
      int operands = program.inputs();
      Path[] paths = new Path[operands + program.coordinates().length];
      long[] sizes = Space.joined(outer.sizes(), inner.sizes());
      for (int i = 0; i < paths.length; i++) {
        long[] strides = Space.joined(outer.strides(i), inner.strides(i));
        paths[i] =
            i < operands ? Path.of(inputs.get(i), sizes, strides) : Path.coordinate(sizes, strides);
      }
      return paths;
    }
  }
}
