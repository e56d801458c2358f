package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Draft.NUMBERS;
import static dev.proteus.oracle.Rule.Trait.VALUE_ONLY;
import static dev.proteus.oracle.Rule.many;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.EXACT;
import static dev.proteus.oracle.Tolerance.FOLDED;

import dev.proteus.op.ArrangeOps;
import dev.proteus.op.Index;
import dev.proteus.op.Pad;
import dev.proteus.op.Place;
import dev.proteus.op.ScatterReduce;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Operators that pick, place and join elements. Where a place is written twice with different
/// values, either may stay (rule IX-6), so those cases write equal values.
final class IndexRules {
  private static final Draw SOME = d -> d.types(ALL).any().x(1, 4);

  private static final List<Rule> PICKING =
      List.of(
          rule(
              "gather",
              "gather",
              g -> g.x().gather(g.axis(), g.t("index")),
              SOME.then(d -> d.axis()).then(IndexRules::smaller)),
          rule(
              "takeAlongAxis",
              "take_along_dim(x,index,axis)",
              g -> g.x().takeAlongAxis(g.t("index"), g.axis()),
              SOME.then(d -> d.axis()).then(IndexRules::even)),
          rule(
              "indexSelect",
              "index_select",
              g -> g.x().indexSelect(g.axis(), g.t("index")),
              SOME.then(d -> d.axis()).then(d -> line(d, "index"))),
          rule(
              "take",
              "take",
              g -> g.x().take(g.t("index")),
              d ->
                  d.types(ALL)
                      .any()
                      .x(0, 3)
                      .operand(
                          "index",
                          d.dice().shape(0, 2),
                          DType.INT64,
                          Fill.between(
                              -(double) d.shape("x").numel(), (double) d.shape("x").numel() - 1))),
          rule(
              "maskedSelect",
              "masked_select",
              g -> g.x().maskedSelect(g.t("mask")),
              d -> d.types(ALL).any().x().likeMask("mask")),
          rule(
              "maskedScatter",
              "masked_scatter",
              g -> g.x().maskedScatter(g.t("mask"), g.t("source")),
              d ->
                  d.types(ALL)
                      .any()
                      .x()
                      .mask("mask", d.shape("x"))
                      .operand("source", Shape.of(d.shape("x").numel() + 2))),
          rule(
              "index",
              "index.Tensor",
              g -> g.x().get(indices(g.list("indices"))),
              d -> d.types(ALL).any().x(1, 4).operands("indices", IndexRules.tensors(d))),
          rule(
              "index.mask",
              "index.Tensor(x,{mask})",
              g -> g.x().get(Index.at(g.t("mask"))),
              d ->
                  d.types(ALL)
                      .any()
                      .x(1, 3)
                      .mask(
                          "mask", d.shape("x").slice(0, d.dice().between(1, d.shape("x").rank())))),
          rule(
                  "index.axis",
                  "index.Tensor(select.int(x,0,at),{index})",
                  g -> g.x().get(Index.at(g.whole("at")), Index.at(g.t("index"))),
                  d ->
                      d.types(ALL)
                          .any()
                          .operand("x", d.dice().shape(2, 4))
                          .whole("at", -2, 1)
                          .positions("index", d.dice().shape(1, 2), d.shape("x").size(1)))
              .differs(
                  "IX-3",
                  "an index that reads nothing is not looked at",
                  drawn -> drawn.operands().getFirst().shape().numel() == 0),
          rule(
              "embedding",
              "embedding(x,index)",
              g -> g.x().embedding(g.t("index")),
              d ->
                  d.types(Draft.FLOATING)
                      .any()
                      .operand("x", Shape.of(d.dice().someSize(), d.dice().size()))
                      .positions("index", d.dice().shape(0, 3), d.shape("x").size(0))),
          rule(
              "oneHot",
              "one_hot",
              g -> g.x().oneHot(g.whole("classes")),
              d -> d.types(DType.INT64).fills(Fill.between(0, 6)).x(0, 3).whole("classes", 6, 9)));

  private static final List<Rule> PLACING =
      List.of(
          rule(
                  "scatter.value",
                  "scatter.value",
                  g -> g.x().scatter(g.axis(), g.t("index"), g.scalar("value")),
                  SOME.then(d -> d.axis())
                      .then(IndexRules::smaller)
                      .then(d -> d.whole("value", 0, 3)))
              .inPlace(g -> g.x().scatter_(g.axis(), g.t("index"), g.scalar("value"))),
          rule(
              "scatter",
              "scatter.src",
              g -> g.x().scatter(g.axis(), g.t("index"), g.t("source")),
              SOME.then(d -> d.axis()).then(IndexRules::smaller).then(IndexRules::equalSource)),
          rule(
                  "scatterAdd",
                  "scatter_add",
                  g -> g.x().scatterAdd(g.axis(), g.t("index"), g.t("source")),
                  Draw.of(
                      d -> d.types(NUMBERS).fills(Fill.NORMAL).x(1, 4).axis(),
                      IndexRules::smaller,
                      IndexRules::source))
              .inPlace(g -> g.x().scatterAdd_(g.axis(), g.t("index"), g.t("source")))
              .within(FOLDED),
          rule(
                  "scatterReduce",
                  "scatter_reduce.two(x,axis,index,source,how,old)",
                  g ->
                      g.x()
                          .scatterReduce(
                              g.axis(),
                              g.t("index"),
                              g.t("source"),
                              how(g),
                              g.flag("old")
                                  ? ScatterReduce.Old.INCLUDED
                                  : ScatterReduce.Old.REPLACED),
                  Draw.of(
                          d -> d.types(NUMBERS).fills(Fill.away(0.5, 2)).x(1, 3).axis(),
                          IndexRules::smaller,
                          IndexRules::source)
                      .then(d -> d.word("how", "sum", "prod", "mean", "amax", "amin").flag("old")))
              .within(FOLDED)
              .with(VALUE_ONLY),
          rule(
                  "indexAdd",
                  "index_add",
                  g -> g.x().indexAdd(g.axis(), g.t("index"), g.t("source")),
                  Draw.of(
                      d -> d.types(NUMBERS).fills(Fill.NORMAL).x(1, 4).axis(),
                      IndexRules::lineWithSource))
              .inPlace(g -> g.x().indexAdd_(g.axis(), g.t("index"), g.t("source")))
              .within(FOLDED),
          rule(
                  "indexCopy",
                  "index_copy",
                  g -> g.x().indexCopy(g.axis(), g.t("index"), g.t("source")),
                  SOME.then(d -> d.axis()).then(IndexRules::permutedLine))
              .inPlace(g -> g.x().indexCopy_(g.axis(), g.t("index"), g.t("source"))),
          rule(
                  "indexFill",
                  "index_fill.int_Scalar",
                  g -> g.x().indexFill(g.axis(), g.t("index"), g.scalar("value")),
                  SOME.then(d -> d.axis()).then(d -> line(d, "index").whole("value", 0, 3)))
              .inPlace(g -> g.x().indexFill_(g.axis(), g.t("index"), g.scalar("value")))
              .differs(
                  "BC-3",
                  "elements that share memory are not written, nor is nothing written to them",
                  Where.writesExpanded()),
          rule(
                  "indexPut",
                  "index_put(x,indices,value,true)",
                  g -> g.x().indexPut(indices(g.list("indices")), g.t("value"), Place.Mode.ADD),
                  d ->
                      d.types(NUMBERS)
                          .fills(Fill.NORMAL)
                          .x(1, 4)
                          .operands("indices", IndexRules.tensors(d))
                          .operand("value", Shape.SCALAR))
              .inPlace(
                  "index_put_(x,indices,value,true)",
                  g -> g.x().indexPut_(indices(g.list("indices")), g.t("value"), Place.Mode.ADD))
              .differs(
                  "BC-3",
                  "elements that share memory are not written, nor is nothing written to them",
                  Where.writesExpanded())
              .within(FOLDED),
          rule(
                  "indexPut.set",
                  "index_put(x,indices,value,false)",
                  g -> g.x().indexPut(indices(g.list("indices")), g.t("value"), Place.Mode.SET),
                  d ->
                      d.types(ALL)
                          .any()
                          .x(1, 4)
                          .operands("indices", IndexRules.tensors(d))
                          .operand("value", Shape.SCALAR))
              .inPlace(
                  "index_put_(x,indices,value,false)",
                  g -> g.x().indexPut_(indices(g.list("indices")), g.t("value"), Place.Mode.SET))
              .differs(
                  "BC-3",
                  "elements that share memory are not written, nor is nothing written to them",
                  Where.writesExpanded()),
          rule(
              "selectScatter",
              "select_scatter(x,y,axis,index)",
              g -> g.x().selectScatter(g.y(), g.axis(), g.whole("index")),
              d ->
                  d.types(ALL)
                      .any()
                      .x(1, 3)
                      .whole("axis", 0, d.shape("x").rank() - 1)
                      .operand("y", d.shape("x").without(Math.toIntExact(d.whole("axis"))))
                      .whole("index", -2, 2)),
          rule(
                  "copy",
                  "where.self(full_like(x,1,'bool'),expand_as(y,x),x)",
                  g -> g.x().add(0L).copy_(g.y()),
                  d -> d.types(Draft.FLOATING).any().x().like("y"))
              .with(VALUE_ONLY));

  private static final List<Rule> JOINING =
      List.of(
          rule("cat", "cat", g -> ArrangeOps.cat(g.list("tensors"), g.axis()), IndexRules::joined),
          rule(
              "stack",
              "stack",
              g -> ArrangeOps.stack(g.list("tensors"), g.axis()),
              IndexRules::stacked),
          rule(
              "hstack",
              "hstack(tensors)",
              g -> ArrangeOps.hstack(g.list("tensors")),
              IndexRules::stacked),
          rule(
              "vstack",
              "vstack(tensors)",
              g -> ArrangeOps.vstack(g.list("tensors")),
              IndexRules::stacked),
          rule(
              "dstack",
              "dstack(tensors)",
              g -> ArrangeOps.dstack(g.list("tensors")),
              IndexRules::stacked),
          rule(
              "columnStack",
              "column_stack(tensors)",
              g -> ArrangeOps.columnStack(g.list("tensors")),
              IndexRules::stacked),
          many(
              "meshgrid",
              "meshgrid.indexing(tensors,'ij')",
              g -> ArrangeOps.meshgrid(g.list("tensors"), ArrangeOps.Grid.IJ),
              IndexRules::lines),
          many(
              "meshgrid.xy",
              "meshgrid.indexing(tensors,'xy')",
              g -> ArrangeOps.meshgrid(g.list("tensors"), ArrangeOps.Grid.XY),
              IndexRules::lines),
          rule(
              "cartesianProduct",
              "cartesian_prod(tensors)",
              g -> ArrangeOps.cartesianProduct(g.list("tensors")),
              IndexRules::lines),
          rule(
              "pad.reflect",
              "pad(x,widths,'reflect')",
              g -> g.x().pad(Pad.Mode.REFLECT, g.wholes("widths")),
              IndexRules::padded),
          rule(
              "pad.replicate",
              "pad(x,widths,'replicate')",
              g -> g.x().pad(Pad.Mode.REPLICATE, g.wholes("widths")),
              IndexRules::padded),
          rule(
              "pad.circular",
              "pad(x,widths,'circular')",
              g -> g.x().pad(Pad.Mode.CIRCULAR, g.wholes("widths")),
              Draw.of(
                  IndexRules::padded,
                  d -> d.wholes("widths", d.wholes("widths").stream().map(Math::abs).toList()))));

  static final List<Rule> ALL_RULES =
      Stream.of(PICKING, PLACING, JOINING)
          .flatMap(List::stream)
          .map(rule ->
              rule.name().contains("Add")
                      || rule.name().contains("Reduce")
                      || rule.name().equals("indexPut")
                  ? rule
                  : rule.within(EXACT))
          .toList();

  private IndexRules() {}

  /// An index that is not larger than `x` but along the axis.
  private static void smaller(Draft d) {
    Shape shape = d.shape("x");
    int axis = existing(d);
    long[] sizes = shape.toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i == axis ? d.dice().size() : d.dice().between(0, (int) sizes[i]);
    }
    d.positions("index", Shape.of(sizes), shape.size(axis));
  }

  /// An index of the sizes of `x` but along the axis.
  private static void even(Draft d) {
    Shape shape = d.shape("x");
    int axis = existing(d);
    d.positions("index", shape.with(axis, d.dice().size()), shape.size(axis));
  }

  /// The axis that was drawn, from 0, or 0 where it is not there.
  private static int existing(Draft d) {
    int rank = d.shape("x").rank();
    int axis = Math.toIntExact(d.whole("axis"));
    return axis >= -rank && axis < rank ? Math.floorMod(axis, rank) : 0;
  }

  private static void source(Draft d) {
    d.operand("source", d.shape("index"));
  }

  private static void equalSource(Draft d) {
    d.operand("source", d.shape("index"), Fill.ONES);
  }

  private static Draft line(Draft d, String name) {
    long size = d.shape("x").size(existing(d));
    return d.positions(name, Shape.of(size == 0 ? 0 : d.dice().size()), size);
  }

  private static void lineWithSource(Draft d) {
    line(d, "index");
    d.operand("source", d.shape("x").with(existing(d), d.shape("index").numel()));
  }

  /// Each place once.
  private static void permutedLine(Draft d) {
    long size = d.shape("x").size(existing(d));
    d.put("index", new Operand(DType.INT64, Shape.of(size), Placement.PLAIN, Fill.DISTINCT, 1));
    d.operand("source", d.shape("x"));
  }

  /// Indices of the first axes, broadcast together.
  private static List<Operand> tensors(Draft d) {
    Shape common = d.dice().shape(1, 2);
    int count = d.dice().between(1, d.shape("x").rank());
    List<Operand> all = new ArrayList<>();
    for (int axis = 0; axis < count; axis++) {
      long size = d.shape("x").size(axis);
      Shape shape = size == 0 ? common.with(0, 0) : d.dice().broadcastable(common);
      Fill fill = Fill.between(-(double) size, (double) size - 1);
      all.add(d.drawn(shape, DType.INT64, size == 0 ? Fill.ZEROS : fill));
    }
    return all;
  }

  private static List<Index<Tensor>> indices(List<Tensor> tensors) {
    return tensors.stream().<Index<Tensor>>map(Index::at).toList();
  }

  private static ScatterReduce.How how(Given g) {
    return ScatterReduce.How.valueOf(g.word("how").toUpperCase(Locale.ROOT).replace("AM", "M"));
  }

  /// Operands that differ along one axis, and by chance in type.
  private static void joined(Draft d) {
    d.types(ALL).any();
    Shape shape = d.dice().shape(1, 3);
    int axis = d.dice().between(0, shape.rank() - 1);
    List<Operand> all = new ArrayList<>();
    for (int i = d.dice().between(1, 4); i > 0; i--) {
      d.mixed();
      all.add(d.drawn(shape.with(axis, d.dice().size()), d.dtype(), Fill.NORMAL));
    }
    d.operands("tensors", all).whole("axis", axis, axis);
  }

  private static void stacked(Draft d) {
    d.types(ALL).any();
    Shape shape = d.dice().shape(0, 3);
    List<Operand> all = new ArrayList<>();
    for (int i = d.dice().between(1, 4); i > 0; i--) {
      d.mixed();
      all.add(d.drawn(shape, d.dtype(), Fill.NORMAL));
    }
    d.operands("tensors", all).whole("axis", -shape.rank() - 1, shape.rank());
  }

  private static void lines(Draft d) {
    d.types(ALL).any();
    d.operands(
        "tensors",
        IntStream.range(0, d.dice().between(1, 3))
            .mapToObj(_ -> d.drawn(Shape.of(d.dice().size()), d.dtype(), Fill.NORMAL))
            .toList());
  }

  /// PyTorch pads the last one, two or three of at most five axes.
  private static void padded(Draft d) {
    int padded = d.dice().between(1, 3);
    int rank = padded + d.dice().between(1, 2);
    d.types(Draft.FLOATING).any();
    d.operand(
        "x",
        Shape.of(IntStream.range(0, rank).mapToObj(_ -> (long) d.dice().between(3, 6)).toList()));
    d.wholes("widths", 2 * padded, -1, 3);
  }
}
