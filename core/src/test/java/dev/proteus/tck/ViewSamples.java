package dev.proteus.tck;

import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.ANY;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.FLOATING;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.EXACT;
import static dev.proteus.tck.Trait.MAY_ALIAS;
import static dev.proteus.tck.Trait.NOT_DIFFERENTIABLE;
import static dev.proteus.tck.Trait.OWN_TYPE;
import static dev.proteus.tck.Trait.PROMOTES;
import static dev.proteus.tck.Trait.VIEW;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.ArrangeOps;
import dev.proteus.op.AsStrided;
import dev.proteus.op.Pad;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Samples of operators that read elements in another way, and of those that copy them to other
/// places.
final class ViewSamples {
  static final List<Sample> VIEWS =
      List.of(
          view("permute", x -> x.permute(2, 0, 1))
              .rejects(ShapeException.class, in -> in.getFirst().permute(0, 1))
              .rejects(ShapeException.class, in -> in.getFirst().permute(0, 0, 1)),
          view("transpose", x -> x.transpose(0, -1))
              .rejects(TensorIndexException.class, in -> in.getFirst().transpose(0, 3)),
          view("mT", x -> x.mT()),
          view("swapAxes", x -> x.swapAxes(0, 2)),
          view("moveAxis", x -> x.moveAxis(0, 2)),
          view("moveAxes", x -> x.moveAxes(new int[] {0, 1}, new int[] {2, 0})),
          Sample.of("broadcastTo", x -> x.broadcastTo(s(2, 3)), x(3)).types(ALL).with(VIEW),
          Sample.of("expandAs", (x, y) -> x.expandAs(y), x(3), constant(ANY, 2, 3))
              .types(ALL)
              .with(VIEW),
          Sample.of("t", x -> x.t(), x(2, 3))
              .also(s(2))
              .types(ALL)
              .with(VIEW)
              .rejects(ShapeException.class, s(2, 3, 4)),
          Sample.of("expand", x -> x.expand(2, 3, -1), x(3, 1))
              .also(s(1, 4))
              .also(s(1, 0))
              .types(ALL)
              .with(VIEW)
              .rejects(ShapeException.class, s(2, 4)),
          view("squeeze", x -> x.squeeze()).also(s(1, 3, 1)),
          view("unsqueeze", x -> x.unsqueeze(1)).also(s(0)),
          view("narrow", x -> x.narrow(2, 1, 2))
              .rejects(ShapeException.class, in -> in.getFirst().narrow(0, 1, 2)),
          view("select", x -> x.select(1, -1))
              .rejects(TensorIndexException.class, in -> in.getFirst().select(0, 2)),
          view("slice", x -> x.slice(1, 0, 3, 2)).also(s(0, 2, 3)),
          view("unfold", x -> x.unfold(2, 2, 1))
              .rejects(ShapeException.class, in -> in.getFirst().unfold(0, 3, 1)),
          Sample.of(
                  "asStrided",
                  x -> x.call(new AsStrided(s(3, 4, 2), List.of(4L, 1L, 2L), 1), List.of(x)),
                  x(15))
              .types(ALL)
              .with(VIEW)
              .rejects(ShapeException.class, s(14))
              .rejects(ShapeException.class, s(3, 5)),
          Sample.of("view of bits", x -> x.contiguous().view(DType.INT16), x(3, 4))
              .types(FLOATING)
              .with(MAY_ALIAS, OWN_TYPE, NOT_DIFFERENTIABLE, COMBINED, EXACT),
          view("diagonal", x -> x.diagonal(1, 1, 2)).also(s(2, 0, 3)),
          views("split", x -> x.split(2, 2)),
          views("chunk", x -> x.chunk(2, 1)),
          views("tensorSplit", x -> x.tensorSplit(2, -1)),
          views("unbind", x -> x.unbind(1)),
          Sample.of("reshape", x -> x.reshape(2, -1), x(2, 3, 4))
              .also(s(2, 1))
              .also(s(2, 0, 3))
              .types(ALL)
              .with(MAY_ALIAS)
              .rejects(ShapeException.class, s(3, 5)),
          Sample.of("reshapeAs", (x, y) -> x.reshapeAs(y), x(2, 3), constant(ANY, 3, 2))
              .types(ALL)
              .with(MAY_ALIAS),
          Sample.of("flatten", x -> x.flatten(0, 1), x(2, 3, 4))
              .also(s(2, 0))
              .types(ALL)
              .with(MAY_ALIAS),
          Sample.of("unflatten", x -> x.unflatten(1, 2, -1), x(3, 6))
              .also(s(0, 4))
              .types(ALL)
              .with(MAY_ALIAS));

  static final List<Sample> COPIES =
      List.of(
          copy("clone", Tensor::clone).also(s()),
          Sample.of("copy", (x, y) -> y.to(x.dtype()).expand(x.shape()).clone(), x(3, 4), x(4))
              .types(ALL)
              .inPlace(Tensor::copy_),
          copy("contiguous", Tensor::contiguous).also(s()).with(MAY_ALIAS),
          copy("pad", x -> x.pad(1, 2, 0, 1)).also(s(1, 0)),
          copy("pad by nothing", x -> x.pad(0, 0)),
          copy("pad crop", x -> x.pad(Scalar.of(7L), -1, 2)),
          copy("pad reflect", x -> x.pad(Pad.Mode.REFLECT, 2, 1))
              .rejects(ShapeException.class, in -> in.getFirst().pad(Pad.Mode.REFLECT, 5, 0)),
          copy("pad replicate", x -> x.pad(Pad.Mode.REPLICATE, 2, 1, 1, 0)),
          copy("pad circular", x -> x.pad(Pad.Mode.CIRCULAR, 2, 1)),
          copy("flip", x -> x.flip(0, 1)).also(s(0, 2)),
          copy("fliplr", Tensor::fliplr),
          copy("flipud", Tensor::flipud),
          copy("roll", x -> x.roll(2, 1)).also(s(2, 0)),
          copy("roll all", x -> x.roll(3)),
          copy("rot90", x -> x.rot90(1, 0, 1)),
          copy("repeat", x -> x.repeat(2, 1, 3)).also(s(0, 2)),
          copy("tile", x -> x.tile(2)),
          copy("repeatInterleave", x -> x.repeatInterleave(2, 0)),
          joined("cat", in -> ArrangeOps.cat(in, 0))
              .also(s(2, 4), s(0, 4))
              .rejects(ShapeException.class, s(2, 3), s(2, 4))
              .rejects(ShapeException.class, s(), s()),
          joined("cat, last axis", in -> ArrangeOps.cat(in, -1)).also(s(2, 3), s(2, 1)),
          joined("stack", in -> ArrangeOps.stack(in, 0))
              .also(s(), s())
              .rejects(ShapeException.class, s(2), s(3)),
          Sample.ofList("cat of one", in -> List.of(ArrangeOps.cat(in, 0)), x(3, 4)).types(ALL),
          joined("hstack", ArrangeOps::hstack),
          joined("vstack", ArrangeOps::vstack),
          joined("dstack", ArrangeOps::dstack),
          joined("columnStack", ArrangeOps::columnStack),
          Sample.ofList("meshgrid", in -> ArrangeOps.meshgrid(in, ArrangeOps.Grid.XY), x(3), x(2))
              .types(ALL)
              .with(MAY_ALIAS),
          Sample.ofList("broadcastTensors", ArrangeOps::broadcastTensors, x(3, 1), x(4))
              .types(ALL)
              .with(MAY_ALIAS)
              .rejects(ShapeException.class, s(3), s(4)),
          Sample.ofList(
                  "cartesianProduct", in -> List.of(ArrangeOps.cartesianProduct(in)), x(3), x(2))
              .types(ALL));

  static final List<Sample> PLACED =
      List.of(
          Sample.of("selectScatter", (a, b) -> a.selectScatter(b, 1, 2), x(3, 4), x(3)).types(ALL),
          Sample.of("sliceScatter", (a, b) -> a.sliceScatter(b, 1, 0, 4, 2), x(3, 4), x(3, 2))
              .types(ALL),
          Sample.of("diagonalScatter", (a, b) -> a.diagonalScatter(b, 0, 0, 1), x(3, 4), x(3))
              .types(ALL));

  private ViewSamples() {}

  private static Sample view(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(2, 3, 4)).types(ALL).with(VIEW);
  }

  private static Sample views(String name, Function<Tensor, List<Tensor>> call) {
    return Sample.ofList(name, in -> call.apply(in.getFirst()), x(2, 3, 5)).types(ALL).with(VIEW);
  }

  private static Sample copy(String name, UnaryOperator<Tensor> call) {
    return Sample.of(name, call, x(3, 4)).types(ALL);
  }

  private static Sample joined(String name, Function<List<Tensor>, Tensor> call) {
    return Sample.ofList(name, in -> List.of(call.apply(in)), x(3, 4), x(3, 4))
        .types(ALL)
        .with(PROMOTES);
  }
}
