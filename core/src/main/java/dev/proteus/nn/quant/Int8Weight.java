package dev.proteus.nn.quant;

import dev.proteus.op.Int8Linear;
import dev.proteus.op.Keep;
import dev.proteus.op.Linear;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.KindCall;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The weight of a linear layer in int8, symmetric around 0, with a scale for each row: an element
/// is `values·scale`, off by half a scale at most.
///
/// It shows `[out, in]` in `dtype` and works as the weight of [Linear] with inputs of that type;
/// every other operator sees the plain weight that it stands for.
///
/// @param values `[out, in]` in int8
/// @param scale `[out]`, floating
/// @param dtype the floating type that it shows
public record Int8Weight(Tensor values, Tensor scale, DType dtype) {
  private static final int LARGEST = 127;

  /// Tensors of such values.
  public static final Kind<Int8Weight> KIND =
      Kind.<Int8Weight>named("Int8Weight")
          .showing(w -> new TensorSpec(w.values.shape(), w.dtype, w.values.device()))
          .parts(Int8Weight::parts, Int8Weight::of)
          .onCast((w, dtype) -> new Int8Weight(w.values.clone(), w.scale.clone(), dtype))
          .onModuleLoad((_, source) -> of(source))
          .onDequantize(Int8Weight::dequantized)
          .on(Linear.class, Int8Weight::linear)
          .otherwiseDequantized()
          .build();

  /// @throws dev.proteus.error.DTypeException if values, scale or dtype are of a wrong type
  /// @throws dev.proteus.error.ShapeException if values and scale do not fit together
  public Int8Weight {
    Shape row = Shape.of(values.rank() == 2 ? values.size(1) : 0);
    TensorSpec x = new TensorSpec(row, dtype, values.device());
    new Int8Linear().infer(List.of(x, values.spec(), scale.spec()));
  }

  /// The nearest tensor of this kind to a floating weight `[out, in]`; it shows the weight's type.
  ///
  /// @throws dev.proteus.error.DTypeException if w is not floating
  /// @throws dev.proteus.error.ShapeException if w has not two axes
  /// @throws IllegalArgumentException if an element of w is infinite or NaN
  public static Tensor quantize(Tensor w) {
    return Scope.memory(() -> KIND.wrap(of(w)));
  }

  private static Int8Weight of(Tensor w) {
    Weights.check("int8Weight", w.spec());
    Tensor wide = w.detach().to(w.dtype().accumulator());
    Tensor scale = wide.abs().amax(Keep.AXES, 1).div(LARGEST).to(DType.FLOAT32);
    Weights.checkFinite("int8Weight", scale);
    // A row of zeros has scale 0, and any divisor will do.
    Tensor divisor = scale.maskedFill(scale.eq(0), 1).to(wide.dtype());
    Tensor values = wide.div(divisor).round().clamp(-LARGEST, LARGEST).to(DType.INT8);
    return new Int8Weight(values, scale.squeeze(1), w.dtype());
  }

  private Parts parts() {
    return Parts.of("values", values).and("scale", scale).and("dtype", dtype.toString());
  }

  private static Int8Weight of(Parts parts) {
    return new Int8Weight(
        parts.tensor("values"), parts.tensor("scale"), DType.parse(parts.text("dtype")));
  }

  private Tensor dequantized() {
    DType wide = dtype.accumulator();
    return values.to(wide).mul(scale.to(wide).unsqueeze(1)).to(dtype);
  }

  private static Tensor linear(KindCall<Linear, Int8Weight> call) {
    return Weights.linear(call, Int8Weight::dequantized, Int8Weight::applied);
  }

  /// The affine map of `inputs`, which are x, this, and perhaps a bias.
  private Tensor applied(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return inputs.size() > 2
        ? x.int8Linear(values, scale, inputs.get(2))
        : x.int8Linear(values, scale);
  }
}
