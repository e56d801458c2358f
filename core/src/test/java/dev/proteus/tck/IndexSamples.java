package dev.proteus.tck;

import static dev.proteus.op.Index.all;
import static dev.proteus.op.Index.at;
import static dev.proteus.op.Index.ellipsis;
import static dev.proteus.op.Index.every;
import static dev.proteus.op.Index.newAxis;
import static dev.proteus.op.Index.slice;
import static dev.proteus.tck.Arg.constant;
import static dev.proteus.tck.Arg.index;
import static dev.proteus.tck.Arg.mask;
import static dev.proteus.tck.Arg.x;
import static dev.proteus.tck.Domain.ANY;
import static dev.proteus.tck.Domain.NONZERO;
import static dev.proteus.tck.Domain.integers;
import static dev.proteus.tck.Domain.permutations;
import static dev.proteus.tck.Sample.ALL;
import static dev.proteus.tck.Sample.NUMBERS;
import static dev.proteus.tck.Sample.s;
import static dev.proteus.tck.Trait.COMBINED;
import static dev.proteus.tck.Trait.DATA_DEPENDENT;
import static dev.proteus.tck.Trait.NOT_DIFFERENTIABLE;
import static dev.proteus.tck.Trait.VIEW;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Place;
import dev.proteus.op.ScatterExtreme;
import dev.proteus.op.ScatterReduce;
import dev.proteus.op.SearchSorted;
import dev.proteus.op.Unique;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Samples of operators that pick and place elements by index.
final class IndexSamples {
  /// Values that ascend along the last axis.
  private static final Domain ASCENDING =
      (shape, random) -> {
        double[] values = new double[(int) shape.numel()];
        Arrays.setAll(values, i -> i % shape.size(-1) + random.nextInt(2));
        return values;
      };

  static final List<Sample> BRACKETS =
      List.of(
          Sample.of("get numbers", x -> x.get(List.of(at(-1), slice(1, 3))), x(3, 4))
              .types(ALL)
              .with(VIEW)
              .rejects(TensorIndexException.class, s())
              .rejects(TensorIndexException.class, s(0, 4)),
          Sample.of("get ellipsis", x -> x.get(List.of(ellipsis(), newAxis(), every(2))), x(3, 4))
              .also(s(5))
              .types(ALL)
              .with(VIEW)
              .rejects(TensorIndexException.class, s()),
          Sample.of("get index", (x, i) -> x.get(List.of(all(), at(i))), x(3, 4), index(4, 5))
              .also(s(3, 4, 2), s(2, 2))
              .also(s(3, 4), s(0))
              .types(ALL)
              .rejectsValues(
                  TensorIndexException.class, in -> in.get(0).get(List.of(at(in.get(1).add(4L))))),
          Sample.of(
                  "get two indices",
                  (x, i, j) -> x.get(List.of(at(i), all(), at(j))),
                  x(3, 4, 2),
                  index(3, 5),
                  index(2, 5))
              .also(s(3, 4, 2), s(2, 1), s(3))
              .types(ALL)
              .rejects(TensorIndexException.class, s(3, 4, 2), s(3), s(2)),
          Sample.of("get mask", (x, m) -> x.get(List.of(at(m))), x(3, 4), mask(3))
              .also(s(3, 4), s(3, 4))
              .types(ALL)
              .with(DATA_DEPENDENT),
          Sample.of(
                  "indexPut",
                  (x, v) -> x.indexPut(List.of(slice(1, 3), slice(0, 3)), v, Place.Mode.SET),
                  x(3, 4),
                  x(3))
              .also(s(3, 4), s())
              .types(ALL)
              .inPlace((x, v) -> x.indexPut_(List.of(slice(1, 3), slice(0, 3)), v, Place.Mode.SET))
              .rejects(ShapeException.class, s(3, 4), s(2)),
          Sample.of(
                  "indexPut add",
                  (x, i, v) -> x.indexPut(List.of(all(), at(i)), v, Place.Mode.ADD),
                  x(3, 4),
                  index(4, 6),
                  x(3, 6))
              .inPlaceOf(in ->
                  List.of(
                      in.get(0)
                          .indexPut_(List.of(all(), at(in.get(1))), in.get(2), Place.Mode.ADD)))
              .also(s(3, 4), s(2), s())
              .types(ALL),
          Sample.of(
                  "indexPut add to a slice",
                  (x, v) -> x.indexPut(List.of(every(2)), v, Place.Mode.ADD),
                  x(3, 4),
                  x(2, 4))
              .also(s(3, 4), s())
              .types(ALL)
              .inPlace((x, v) -> x.indexPut_(List.of(every(2)), v, Place.Mode.ADD)),
          Sample.of(
                  "indexPut mask",
                  (x, m, v) -> x.indexPut(List.of(at(m)), v, Place.Mode.SET),
                  x(3, 4),
                  mask(3, 4),
                  x())
              .inPlaceOf(in -> List.of(in.get(0).set_(in.get(2), at(in.get(1)))))
              .types(ALL));

  static final List<Sample> ALONG_AXES =
      List.of(
          Sample.of("gather", (x, i) -> x.gather(1, i), x(3, 4), index(4, 3, 5))
              .also(s(3, 4), s(2, 2))
              .also(s(3, 4), s(0, 4))
              .types(ALL)
              .rejects(ShapeException.class, s(3, 4), s(4, 4))
              .rejects(ShapeException.class, s(3, 4), s(3))
              .rejects(DTypeException.class, in -> in.get(0).gather(0, in.get(1).to(DType.INT32)))
              .rejectsValues(
                  TensorIndexException.class, in -> in.get(0).gather(1, in.get(1).sub(9L))),
          Sample.of("takeAlongAxis", (x, i) -> x.takeAlongAxis(i, 0), x(3, 4), index(3, 2, 1))
              .types(ALL),
          Sample.of("indexSelect", (x, i) -> x.indexSelect(0, i), x(3, 4), index(3, 5))
              .also(s(3, 4), s(0))
              .types(ALL)
              .rejects(ShapeException.class, s(3, 4), s(2, 2))
              .rejectsValues(
                  TensorIndexException.class, in -> in.get(0).indexSelect(0, in.get(1).add(3L))),
          Sample.of("take", (x, i) -> x.take(i), x(3, 4), index(12, 2, 3)).types(ALL),
          Sample.of("scatter", (x, i, y) -> x.scatter(1, i, y), x(3, 5), ordered(5, 3, 4), x(3, 4))
              .also(s(3, 5), s(0, 4), s(0, 4))
              .inPlaceOf(in -> List.of(in.get(0).scatter_(1, in.get(1), in.get(2))))
              .types(ALL)
              .rejects(ShapeException.class, s(3, 5), s(4, 5), s(4, 5))
              .rejectsValues(
                  TensorIndexException.class,
                  in -> in.get(0).scatter(1, in.get(1).add(5L), in.get(2))),
          Sample.of(
                  "scatter number",
                  (x, i) -> x.scatter(0, i, Scalar.of(1L)),
                  x(3, 4),
                  index(3, 2, 4))
              .inPlace((x, i) -> x.scatter_(0, i, Scalar.of(1L)))
              .types(ALL),
          Sample.of(
                  "scatterAdd",
                  (x, i, y) -> x.scatterAdd(0, i, y),
                  x(3, 4),
                  index(3, 5, 4),
                  x(5, 4))
              .inPlaceOf(in -> List.of(in.get(0).scatterAdd_(0, in.get(1), in.get(2))))
              .also(s(3, 0), s(2, 0), s(2, 0))
              .types(ALL),
          reduced(ScatterReduce.How.SUM, ScatterReduce.Old.INCLUDED).types(ALL),
          reduced(ScatterReduce.How.PROD, ScatterReduce.Old.REPLACED).types(NUMBERS),
          reduced(ScatterReduce.How.MEAN, ScatterReduce.Old.INCLUDED).types(NUMBERS),
          reduced(ScatterReduce.How.MAX, ScatterReduce.Old.INCLUDED).types(ALL),
          reduced(ScatterReduce.How.MIN, ScatterReduce.Old.REPLACED).types(ALL),
          Sample.of(
                  "scatterMax",
                  (x, i, y) ->
                      x.call(new ScatterExtreme(0, ScatterExtreme.Kind.MAX), List.of(x, i, y)),
                  x(3, 4),
                  index(3, 5, 4),
                  x(5, 4))
              .types(ALL),
          Sample.of("indexAdd", (x, i, y) -> x.indexAdd(1, i, y), x(3, 4), index(4, 6), x(3, 6))
              .inPlaceOf(in -> List.of(in.get(0).indexAdd_(1, in.get(1), in.get(2))))
              .types(ALL)
              .rejects(ShapeException.class, s(3, 4), s(6), s(3, 5)),
          Sample.of("indexCopy", (x, i, y) -> x.indexCopy(0, i, y), x(4, 3), ordered(4, 2), x(2, 3))
              .inPlaceOf(in -> List.of(in.get(0).indexCopy_(0, in.get(1), in.get(2))))
              .types(ALL),
          Sample.of("indexFill", (x, i) -> x.indexFill(1, i, Scalar.of(1L)), x(3, 4), index(4, 2))
              .inPlace((x, i) -> x.indexFill_(1, i, Scalar.of(1L)))
              .types(ALL));

  static final List<Sample> MASKED =
      List.of(
          Sample.of("maskedSelect", (x, m) -> x.maskedSelect(m), x(3, 4), mask(4))
              .also(s(3, 4), s(3, 4))
              .types(ALL)
              .with(DATA_DEPENDENT)
              .rejects(ShapeException.class, s(3, 4), s(3)),
          Sample.of("maskedScatter", (x, m, y) -> x.maskedScatter(m, y), x(3, 4), mask(3, 4), x(12))
              .types(ALL),
          Sample.ofList("nonzeroAxes", in -> in.getFirst().nonzeroAxes(), x(3, 4))
              .types(ALL)
              .with(NOT_DIFFERENTIABLE, DATA_DEPENDENT),
          Sample.of("nonzero", x -> x.nonzero(), x(3, 4))
              .also(s())
              .also(s(0, 3))
              .types(ALL)
              .with(DATA_DEPENDENT, NOT_DIFFERENTIABLE),
          Sample.of("oneHot", i -> i.oneHot(4), index(4, 2, 3))
              .also(s())
              .types(Set.of(DType.INT64))
              .with(NOT_DIFFERENTIABLE)
              .rejects(DTypeException.class, in -> in.getFirst().to(DType.INT8).oneHot(4)));

  static final List<Sample> SETS =
      List.of(
          Sample.ofList(
                  "unique", in -> results(in.getFirst().unique()), constant(integers(0, 4), 3, 4))
              .types(ALL)
              .with(DATA_DEPENDENT),
          Sample.ofList("unique of none", in -> results(in.getFirst().unique()), constant(ANY, 0))
              .types(ALL),
          Sample.ofList(
                  "uniqueConsecutive",
                  in -> results(in.getFirst().uniqueConsecutive()),
                  constant(integers(0, 2), 9))
              .types(ALL)
              .with(DATA_DEPENDENT),
          Sample.ofList(
                  "unique along an axis",
                  in -> results(in.getFirst().unique(1)),
                  constant(integers(0, 2), 3, 9))
              .types(ALL)
              .with(DATA_DEPENDENT)
              .rejects(ShapeException.class, s(0, 2))
              .rejects(TensorIndexException.class, s()),
          Sample.ofList(
                  "uniqueConsecutive along an axis",
                  in -> results(in.getFirst().uniqueConsecutive(-1)),
                  constant(integers(0, 2), 2, 9))
              .types(ALL)
              .with(DATA_DEPENDENT),
          Sample.of(
                  "searchsorted",
                  (x, v) -> x.searchsorted(v, SearchSorted.Side.LEFT),
                  constant(ASCENDING, 2, 5),
                  constant(integers(0, 6), 2, 3))
              .types(ALL)
              .rejects(ShapeException.class, s(2, 5), s(3, 3)),
          Sample.of(
                  "bucketize",
                  (x, b) -> x.bucketize(b, SearchSorted.Side.RIGHT),
                  constant(integers(0, 6), 3, 4),
                  constant(ASCENDING, 5))
              .types(ALL)
              .rejects(ShapeException.class, s(3, 4), s(2, 2)),
          Sample.of(
                  "isin",
                  (x, c) -> x.isin(c),
                  constant(integers(0, 6), 3, 4),
                  constant(integers(0, 6), 3))
              .types(ALL),
          Sample.of("bincount", i -> i.bincount(3), index(6, 9))
              .types(Set.of(DType.INT64))
              .with(DATA_DEPENDENT),
          Sample.of("bincount with weights", (i, w) -> i.bincount(w, 3), index(6, 9), x(9))
              .types(NUMBERS)
              .with(COMBINED, DATA_DEPENDENT),
          Sample.of("histc", x -> x.histc(4, -2, 2), constant(ANY, 3, 4)),
          Sample.of(
                  "repeatInterleave counts",
                  (x, i) -> x.repeatInterleave(i, 1),
                  x(2, 5),
                  index(4, 5))
              .types(ALL)
              .with(DATA_DEPENDENT),
          Sample.of("oneHot of all classes", i -> i.oneHot(), index(4, 2, 3))
              .types(Set.of(DType.INT64))
              .with(DATA_DEPENDENT),
          Sample.of("trilIndices", x -> x.trilIndices(3, 4, 1), constant(ANY)).types(ALL),
          Sample.of("triuIndices", x -> x.triuIndices(3, 4, 1), constant(ANY)).types(ALL));

  private IndexSamples() {}

  private static List<Tensor> results(Unique<Tensor> unique) {
    return List.of(unique.values(), unique.inverse(), unique.counts());
  }

  private static Sample reduced(ScatterReduce.How how, ScatterReduce.Old old) {
    return Sample.of(
        "scatterReduce " + how,
        (x, i, y) -> x.scatterReduce(0, i, y, how, old),
        x(NONZERO, 3, 4),
        index(3, 5, 4),
        x(NONZERO, 5, 4));
  }

  /// Indices that differ along the last axis, so that the order of writes does not matter.
  private static Arg ordered(int end, long... sizes) {
    return index(permutations(end), sizes);
  }
}
