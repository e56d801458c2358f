package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The affine map of the last axis by a weight in 4 bits, each block of 32 neighbours in a row with
/// a scale and a minimum of its own: an element is `code·scale + minimum`, its code from 0 to 15.
///
/// Operands: x `[*, in]`, values `[out, blocks·16]` in uint8, scale and minimum `[out, blocks]`, of
/// one floating type, and optionally bias `[out]`, of x's type; the result is `[*, out]`. The 16
/// bytes of a block hold the codes of its elements 0 to 15 in their low halves, of 16 to 31 in
/// their high ones. `blocks` is `in / 32`, rounded up; what the last block has beyond `in` is not
/// read. It is computed in the accumulation type of x and rounded once (rule DT-24).
public record Int4Linear() implements Composite {
  /// Elements of a block.
  public static final int BLOCK = 32;

  private static final int BYTES = BLOCK / 2;
  private static final int BITS = 4;
  private static final int MASK = 15;

  /// Blocks of a row of `in` elements.
  public static long blocks(long in) {
    return Math.ceilDiv(in, BLOCK);
  }

  @Override
  public String name() {
    return "int4Linear";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(0);
    TensorSpec values = inputs.get(1);
    Operands.floating(name(), List.of(x));
    Operands.atLeast(name(), "x", x.shape(), 1);
    if (values.dtype() != DType.UINT8) {
      throw new DTypeException(
          "int4Linear: values are %s; they must be uint8".formatted(values.dtype()));
    }
    long blocks = blocks(x.shape().size(-1));
    if (values.rank() != 2 || values.shape().size(1) != blocks * BYTES) {
      throw new ShapeException(
          "int4Linear: x is %s, values are %s; values must be [out, %s], 16 bytes for 32 elements"
              .formatted(x.shape(), values.shape(), blocks * BYTES));
    }
    long out = values.shape().size(0);
    Operands.floating(name(), inputs.subList(2, 4));
    Operands.shape(name(), "scale", inputs.get(2).shape(), Shape.of(out, blocks));
    Operands.shape(name(), "minimum", inputs.get(3).shape(), Shape.of(out, blocks));
    if (inputs.size() > 4) {
      Operands.is(name(), "bias", inputs.get(4), x.withShape(Shape.of(out)));
    }
    return List.of(x.withShape(x.shape().with(-1, out)));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.get(0);
    DType wide = x.spec().dtype().accumulator();
    T w = weight(inputs.get(1), inputs.get(2), inputs.get(3), x.spec().shape().size(-1), wide);
    T result =
        inputs.size() > 4 ? x.to(wide).linear(w, inputs.get(4).to(wide)) : x.to(wide).linear(w);
    return List.of(result.to(x.spec().dtype()));
  }

  /// The weight `[out, in]` that values, scales and minima stand for.
  ///
  /// @param dtype the type to compute in, and of the result
  public static <T extends TensorOps<T>> T weight(
      T values, T scale, T minimum, long in, DType dtype) {
    Shape shape = scale.spec().shape();
    T bytes = values.reshape(shape.concat(Shape.of(BYTES)));
    List<T> operands = List.of(bytes, scale.unsqueeze(-1), minimum.unsqueeze(-1));
    Expr code = Folding.input(0, bytes);
    T low = elements(Exprs.and(code, Exprs.like(code, MASK)), operands, dtype);
    T high = elements(Exprs.shr(code, Exprs.like(code, BITS)), operands, dtype);
    T padded = ArrangeOps.cat(List.of(low, high), -1);
    return padded.reshape(Shape.of(shape.size(0), shape.size(1) * BLOCK)).narrow(1, 0, in);
  }

  private static <T extends TensorOps<T>> T elements(Expr code, List<T> operands, DType dtype) {
    Expr scale = Exprs.cast(dtype, Folding.input(1, operands.get(1)));
    Expr minimum = Exprs.cast(dtype, Folding.input(2, operands.get(2)));
    Expr element = Exprs.add(Exprs.mul(Exprs.cast(dtype, code), scale), minimum);
    return operands.getFirst().call(Map.of("dequantize", element), operands);
  }
}
