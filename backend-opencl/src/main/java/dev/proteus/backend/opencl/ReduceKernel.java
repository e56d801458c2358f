package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.IndexType;
import dev.proteus.codegen.Reading;
import dev.proteus.codegen.ReduceSource;
import dev.proteus.codegen.ReduceSource.Result;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Listing;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.stream.IntStream;

/// Folds an expression over axes: in one go, or where much is folded in parts that are folded in
/// turn. Parts are cut by the sizes alone, so that results do not depend on the device's units.
final class ReduceKernel implements Kernel {
  /// Elements of a part.
  private static final long PART = 1 << 13;

  /// Elements of a part of a fold that goes down columns, each in one sum.
  private static final long COLUMN_PART = 1 << 9;

  /// Neighbouring results that are worth being folded together.
  private static final long NEIGHBOURS = 16;

  private final Reduce op;
  private final Listing listing;
  private final Reading reading;
  private final Listing partials;
  private final Reading ofPartials;
  private final OpenClBackend backend;

  ReduceKernel(Reduce op, OpenClBackend backend) {
    this.op = op;
    this.listing = Listing.of(op.expr());
    this.reading = Reading.of(listing.key());
    this.partials = Listing.of(new Expr.Input(0, op.accumulator()));
    this.ofPartials = Reading.of(partials.key());
    this.backend = backend;
  }

  /// How the folded space is cut: a fold of one axis anywhere, others where rows end.
  ///
  /// @param share elements of the one axis, or rows, in each part
  private record Cut(long parts, long share) {
    static Cut of(Space folded, long part) {
      long length = Math.max(1, folded.lastSize());
      boolean isRow = folded.sizes().length == 1;
      long pieces = isRow ? folded.numel() : folded.numel() / length;
      long share = isRow ? part : Math.max(1, part / length);
      return new Cut(Math.max(1, (pieces + share - 1) / share), share);
    }
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    if (out.layout().numel() == 0) {
      return;
    }
    Launch launch = new Launch(reading, inputs, out);
    Shape shape = inputs.getFirst().shape();
    Space kept = Space.of(shape, launch.strides(), axes(out, Side.KEPT));
    Space folded = Space.of(shape, launch.strides(), axes(inputs.getFirst(), Side.FOLDED));
    Cut cut = Cut.of(folded, goesDown(reading, kept, folded) ? COLUMN_PART : PART);
    if (cut.parts() == 1) {
      whole(launch, kept, folded, cut);
    } else {
      inParts(launch, kept, folded, cut);
    }
  }

  private void whole(Launch launch, Space kept, Space folded, Cut cut) {
    long elements = kept.numel() * folded.numel();
    int axes = kept.sizes().length + folded.sizes().length;
    ReduceSource source =
        source(
            listing,
            reading,
            op.expr().dtype(),
            kept,
            folded,
            Result.WHOLE,
            reach(launch, kept, folded, cut));
    Programs programs = backend.programs();
    if (programs.steps().takes(source, listing.key(), reading, axes, elements)) {
      long[] words = Steps.fold(listing, kept, folded, launch.starts(), op);
      long work = elements * listing.steps().size();
      programs
          .steps()
          .with(
              listing.key(),
              reading,
              launch.buffers(),
              all -> programs.launch(programs.stepping(), all, words, work));
    } else {
      launch(source, launch.buffers(), words(launch, kept, folded, cut), elements);
    }
  }

  private void inParts(Launch launch, Space kept, Space folded, Cut cut) {
    long results = kept.numel() * cut.parts();
    OpenClStorage partial = backend.allocate(results * op.accumulator().bytes());
    try {
      List<Buffer> buffers = launch.buffers();
      Buffer target = buffers.removeLast();
      buffers.add(partial.buffer());
      launch(
          source(
              listing,
              reading,
              op.accumulator(),
              kept,
              folded,
              Result.PARTS,
              reach(launch, kept, folded, cut)),
          buffers,
          words(launch, kept, folded, cut),
          kept.numel() * folded.numel());
      foldParts(kept, launch, partial.buffer(), cut.parts(), target);
    } finally {
      partial.release();
    }
  }

  /// The parts of each result lie one after the other.
  private void foldParts(Space kept, Launch launch, Buffer partial, long parts, Buffer target) {
    long[] sizes = kept.sizes();
    long[] steps = new long[sizes.length];
    long step = parts;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= sizes[axis];
    }
    int result = reading.movers();
    long[][] strides = {steps, kept.strides(result)};
    int[] all = IntStream.range(0, sizes.length).toArray();
    Space each = Space.of(Shape.of(sizes), strides, all);
    Space line = Space.of(Shape.of(parts), new long[][] {{1}}, new int[] {0});
    Words words = new Words().add(each, new long[] {0, launch.starts()[result]});
    words.add(line, new long[1]).add(1).add(parts);
    launch(
        source(
            partials,
            ofPartials,
            op.expr().dtype(),
            each,
            line,
            Result.WHOLE,
            Words.reach(each, new long[] {0, launch.starts()[result]}) + parts),
        List.of(partial, target),
        words,
        each.numel() * parts);
  }

  private Words words(Launch launch, Space kept, Space folded, Cut cut) {
    Words words = new Words().add(kept, launch.starts());
    words.add(folded, new long[reading.movers()]).add(cut.parts()).add(cut.share());
    return words.add(Words.constants(listing));
  }

  /// The last place that anything is read or written at, or more.
  private long reach(Launch launch, Space kept, Space folded, Cut cut) {
    return Words.reach(kept, launch.starts())
        + Words.reach(folded, new long[reading.movers()])
        + kept.numel() * cut.parts();
  }

  private ReduceSource source(
      Listing of, Reading read, DType stored, Space kept, Space folded, Result result, long reach) {
    return new ReduceSource(
        op.kind(),
        of.key(),
        op.accumulator(),
        stored,
        kept.sizes().length,
        folded.sizes().length,
        Words.paces(folded, read.movers()),
        goesDown(read, kept, folded) ? Words.paces(kept, read.movers() + 1) : List.of(),
        result,
        IndexType.of(reach));
  }

  /// Whether neighbouring results are folded together: where what is folded leaps, its neighbours
  /// belong to other results. Items of stripes are neighbours anyway.
  private boolean goesDown(Reading read, Space kept, Space folded) {
    boolean leaps = false;
    boolean steps = false;
    for (int k = 0; k < read.movers(); k++) {
      leaps |= kept.lastStride(k) == 1 && folded.lastStride(k) > 1;
      steps |= kept.lastStride(k) > 1 && folded.lastStride(k) == 1;
    }
    return switch (backend.programs().loops()) {
      case CHUNKS -> leaps && !steps && kept.lastSize() >= NEIGHBOURS;
      case STRIPES -> false;
    };
  }

  private void launch(ReduceSource source, List<Buffer> buffers, Words words, long elements) {
    Programs programs = backend.programs();
    programs.launch(
        programs.entry(source, s -> s.named("fold")), buffers, words.toArray(), elements);
  }

  private enum Side {
    KEPT,
    FOLDED
  }

  private int[] axes(Operand operand, Side side) {
    return IntStream.of(Space.order(operand.layout()))
        .filter(axis -> op.axes().contains(axis) == (side == Side.FOLDED))
        .toArray();
  }
}
