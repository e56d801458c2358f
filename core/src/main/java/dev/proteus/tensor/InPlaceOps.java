package dev.proteus.tensor;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Copies;
import dev.proteus.op.Map;
import dev.proteus.op.Op;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The operators that write their result into the tensor they are called on.
///
/// Each is an ordinary operator with a place to write to; shapes and types follow rules BC-2 and
/// DT-5, history rule AG-23.
sealed interface InPlaceOps permits Tensor {
  /// Runs `op` on `inputs` and writes its result into this tensor.
  Tensor applyInPlace(Op op, List<Tensor> inputs);

  Tensor self();

  TensorSpec spec();

  /// Copies the values of `source`, broadcast, converted and moved to this tensor's device (rule
  /// TT-4).
  default Tensor copy_(Tensor source) {
    Tensor here = source.to(spec().device()).expand(spec().shape());
    return applyInPlace(Copies.cast(source.dtype(), spec().dtype()), List.of(here));
  }

  default Tensor fill_(double value) {
    return fill_(Scalar.of(value));
  }

  default Tensor fill_(Scalar value) {
    Expr constant = Exprs.constant(spec().dtype(), value);
    return applyInPlace(Map.of("fill_", constant, spec()), List.of());
  }

  default Tensor zero_() {
    return fill_(Scalar.of(0L));
  }

  default Tensor add_(Tensor other) {
    Expr sum =
        Exprs.add(
            Exprs.input(0, spec().dtype()),
            Exprs.cast(spec().dtype(), Exprs.input(1, other.dtype())));
    return applyInPlace(Map.of("add", sum), List.of(self(), other));
  }
}
