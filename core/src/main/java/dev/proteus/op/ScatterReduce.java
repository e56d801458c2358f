package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// A copy of `base` in which each place that the index names has all of `source` that goes there
/// combined.
///
/// Operands as of [Scatter]. The mean of integers is rounded down.
///
/// @param axis axis from 0
/// @param how how values are combined
/// @param old whether the base's own value is among them
public record ScatterReduce(int axis, How how, Old old) implements Composite {
  /// How all values for one place are combined.
  public enum How {
    SUM,
    PROD,
    MEAN,
    MAX,
    MIN
  }

  /// What becomes of the value at a place that the index names.
  public enum Old {
    INCLUDED,
    REPLACED
  }

  @Override
  public String name() {
    return "scatterReduce";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    if ((how == How.PROD || how == How.MEAN) && inputs.getFirst().dtype() == DType.BOOL) {
      throw new DTypeException(
          "scatterReduce: a bool has no %s; cast to int64 first"
              .formatted(how == How.PROD ? "product" : "mean"));
    }
    return new Scatter(axis, Scatter.Mode.ADD).infer(inputs);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T base = inputs.get(0);
    T index = inputs.get(1);
    T source = corner(inputs.get(2), index.spec().shape());
    T start =
        switch (old) {
          case INCLUDED -> base;
          case REPLACED -> base.scatter(axis, index, neutral(base.spec().dtype()));
        };
    return List.of(
        switch (how) {
          case SUM -> start.scatterAdd(axis, index, source);
          case MEAN -> mean(start, index, source);
          case PROD -> start.mul(products(start, index, source));
          case MAX -> extreme(ScatterExtreme.Kind.MAX, start, index, source);
          case MIN -> extreme(ScatterExtreme.Kind.MIN, start, index, source);
        });
  }

  /// The value that changes none it is combined with.
  private Scalar neutral(DType dtype) {
    return switch (how) {
      case SUM, MEAN -> Scalar.of(0L);
      case PROD -> Scalar.of(1L);
      case MAX -> least(dtype);
      case MIN -> largest(dtype);
    };
  }

  private static Scalar least(DType dtype) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> Scalar.of(Double.NEGATIVE_INFINITY);
      case INT64, INT32, INT16, INT8 -> Scalar.of(-1L << (8 * dtype.bytes() - 1));
      case UINT8, BOOL -> Scalar.of(0L);
    };
  }

  private static Scalar largest(DType dtype) {
    return switch (dtype) {
      case FLOAT64, FLOAT32, FLOAT16, BFLOAT16 -> Scalar.of(Double.POSITIVE_INFINITY);
      case INT64, INT32, INT16, INT8 -> Scalar.of(~(-1L << (8 * dtype.bytes() - 1)));
      case UINT8 -> Scalar.of(255L);
      case BOOL -> Scalar.of(1L);
    };
  }

  private <T extends TensorOps<T>> T mean(T start, T index, T source) {
    TensorSpec counter = start.spec().withDType(DType.INT64);
    T own = old == Old.INCLUDED ? start.ones(counter) : start.zeros(counter);
    T ones = index.ones(index.spec());
    T counts = own.scatterAdd(axis, index, ones).clampMin(1).to(start.spec().dtype());
    T sums = start.scatterAdd(axis, index, source);
    return start.spec().dtype().isFloating() ? sums.div(counts) : sums.floorDivide(counts);
  }

  private <T extends TensorOps<T>> T extreme(ScatterExtreme.Kind kind, T start, T index, T source) {
    return start.call(new ScatterExtreme(axis, kind), List.of(start, index, source));
  }

  /// For each place the product of what goes there: a fold over all pairs of a place and a source.
  private <T extends TensorOps<T>> T products(T start, T index, T source) {
    DType dtype = start.spec().dtype();
    T places = Along.places(start, axis).unsqueeze(axis + 1);
    Expr goesHere = Exprs.eq(Exprs.input(0, DType.INT64), Exprs.input(1, DType.INT64));
    Expr one = Exprs.constant(dtype, Scalar.of(1L));
    Expr factor = Exprs.where(goesHere, Exprs.input(2, dtype), one);
    Reduce product = new Reduce(Reduce.Kind.PROD, factor, List.of(axis + 1));
    List<T> operands = List.of(places, index.unsqueeze(axis), source.unsqueeze(axis));
    T products = start.call(product, operands).squeeze(axis + 1);
    // Ones written over ones change nothing, but an index out of range is refused.
    T ones = start.ones(start.spec()).scatter(axis, index, Scalar.of(1L));
    Shape covered = index.spec().shape().with(axis, start.spec().shape().size(axis));
    Place place = new Place(slices(covered), Place.Mode.SET);
    return ones.call(place, List.of(ones, products));
  }

  /// The first elements along each axis.
  private static <T extends TensorOps<T>> T corner(T x, Shape sizes) {
    T result = x;
    for (View slice : slices(sizes)) {
      result = result.call(slice, List.of(result));
    }
    return result;
  }

  private static List<View> slices(Shape sizes) {
    List<View> slices = new ArrayList<>();
    for (int i = 0; i < sizes.rank(); i++) {
      slices.add(new Slice(i, 0, sizes.size(i), 1));
    }
    return slices;
  }
}
