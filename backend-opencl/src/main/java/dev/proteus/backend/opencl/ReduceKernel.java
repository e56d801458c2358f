package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.Pace;
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

  private final Reduce op;
  private final Listing listing;
  private final Reading reading;
  private final Listing partials;
  private final OpenClBackend backend;

  ReduceKernel(Reduce op, OpenClBackend backend) {
    this.op = op;
    this.listing = Listing.of(op.expr());
    this.reading = Reading.of(listing.key());
    this.partials = Listing.of(new Expr.Input(0, op.accumulator()));
    this.backend = backend;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand out = outputs.getFirst();
    if (out.layout().numel() == 0) {
      return;
    }
    Launch launch = new Launch(reading, inputs, out);
    Shape shape = inputs.getFirst().shape();
    Space kept = Space.of(shape, launch.strides(), axes(out, Part.KEPT));
    Space folded = Space.of(shape, launch.strides(), axes(inputs.getFirst(), Part.FOLDED));
    // A fold of one axis may be cut anywhere, others where rows end.
    long length = Math.max(1, folded.lastSize());
    boolean isRow = folded.sizes().length == 1;
    long pieces = isRow ? folded.numel() : folded.numel() / length;
    long share = isRow ? PART : Math.max(1, PART / length);
    long parts = Math.max(1, (pieces + share - 1) / share);
    Words words = new Words().add(kept, launch.starts());
    words.add(folded, new long[reading.movers()]).add(parts).add(share);
    Launch.addConstants(listing, words);
    List<Pace> paces = Words.paces(folded, reading.movers());
    if (parts == 1) {
      ReduceSource source = source(listing, op.expr().dtype(), kept, folded, paces, Result.WHOLE);
      long elements = kept.numel() * folded.numel();
      Programs programs = backend.programs();
      int axes = kept.sizes().length + folded.sizes().length;
      if (programs.steps().takes(source, listing.key(), reading, axes, elements)) {
        long[] followed = Steps.fold(listing, kept, folded, launch.starts(), op);
        programs.follow(listing.key(), reading, launch.buffers(), followed, elements);
      } else {
        launch(source, launch.buffers(), words, kept.numel());
      }
      return;
    }
    OpenClStorage partial = backend.allocate(kept.numel() * parts * op.accumulator().bytes());
    try {
      ReduceSource source = source(listing, op.accumulator(), kept, folded, paces, Result.PARTS);
      List<Buffer> buffers = launch.buffers();
      Buffer target = buffers.removeLast();
      buffers.add(partial.buffer());
      launch(source, buffers, words, kept.numel() * parts);
      foldParts(kept, launch, partial.buffer(), parts, target);
    } finally {
      partial.release();
    }
  }

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
    ReduceSource source =
        source(partials, op.expr().dtype(), each, line, Words.paces(line, 1), Result.WHOLE);
    launch(source, List.of(partial, target), words, each.numel());
  }

  private ReduceSource source(
      Listing of, DType stored, Space kept, Space folded, List<Pace> paces, Result result) {
    return new ReduceSource(
        op.kind(),
        of.key(),
        op.accumulator(),
        stored,
        kept.sizes().length,
        folded.sizes().length,
        paces,
        result);
  }

  private void launch(ReduceSource source, List<Buffer> buffers, Words words, long n) {
    Programs programs = backend.programs();
    programs.launch(
        programs.entry(source, s -> s.named("fold")), buffers, words.toArray(), n * PART);
  }

  private enum Part {
    KEPT,
    FOLDED
  }

  private int[] axes(Operand operand, Part part) {
    return IntStream.of(Space.order(operand.layout()))
        .filter(axis -> op.axes().contains(axis) == (part == Part.FOLDED))
        .toArray();
  }
}
