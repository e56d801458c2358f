package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// Each value along an axis combined with all before it.
///
/// Products of halves are kept in float32 and rounded at the end. `MAX` and `MIN` let NaN through
/// (rule DT-25). Differentiated through the definition, which needs no division by values that may
/// be 0; running sums are [CumSum], whose derivative is shorter.
///
/// @param kind how to combine
/// @param axis axis from 0
public record Cumulate(Kind kind, int axis) implements Composite {
  /// How values are combined.
  public enum Kind {
    PROD,
    MAX,
    MIN,
    LOGSUMEXP
  }

  @Override
  public String name() {
    return switch (kind) {
      case PROD -> "cumprod";
      case MAX -> "cummax";
      case MIN -> "cummin";
      case LOGSUMEXP -> "logcumsumexp";
    };
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.getFirst();
    if (kind == Kind.PROD && x.dtype() == DType.BOOL) {
      throw new DTypeException("cumprod: a bool has no products; cast to int64 first");
    }
    if (kind == Kind.LOGSUMEXP) {
      Folding.floating(x.dtype(), name());
    }
    return inputs;
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.getFirst();
    DType dtype = x.spec().dtype();
    T wide = kind == Kind.PROD || kind == Kind.LOGSUMEXP ? x.to(dtype.accumulator()) : x;
    return List.of(Along.scan(wide, axis, CumSum.Direction.FORWARD, this::combine).to(dtype));
  }

  private <T extends TensorOps<T>> T combine(T a, T b) {
    return switch (kind) {
      case PROD -> a.mul(b);
      case MAX -> a.maximum(b);
      case MIN -> a.minimum(b);
      case LOGSUMEXP -> a.logaddexp(b);
    };
  }
}
