package dev.proteus.nn.quant;

import dev.proteus.op.Int4Linear;
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

/// The weight of a linear layer in 4 bits, with a scale and a minimum for each block of 32
/// neighbours in a row: an element is `code·scale + minimum`, off by half a scale at most. With
/// scales and minima in float16 it takes 5 bits an element.
///
/// It shows `[out, in]` in `dtype` and works as the weight of [Linear] with inputs of that type;
/// every other operator sees the plain weight that it stands for.
///
/// @param values `[out, blocks·16]` in uint8, two codes a byte: see [Int4Linear]
/// @param scale `[out, blocks]`, floating
/// @param minimum `[out, blocks]`, of scale's type
/// @param in elements of a row, from which `blocks` follows
/// @param dtype the floating type that it shows
public record Int4Weight(Tensor values, Tensor scale, Tensor minimum, long in, DType dtype) {
  private static final int BLOCK = Int4Linear.BLOCK;
  private static final int LARGEST = 15;

  /// Slightly more than what rounding to float16 takes away: relatively, and of numbers near 0.
  private static final double RELATIVE = 0x1p-10;

  private static final double ABSOLUTE = 0x1p-24;

  /// Tensors of such values.
  public static final Kind<Int4Weight> KIND =
      Kind.<Int4Weight>named("Int4Weight")
          .showing(Int4Weight::shown)
          .parts(Int4Weight::parts, Int4Weight::of)
          .onCast(Int4Weight::as)
          .onModuleLoad((_, source) -> of(source))
          .onDequantize(Int4Weight::dequantized)
          .on(Linear.class, Int4Weight::linear)
          .otherwiseDequantized()
          .build();

  /// @throws dev.proteus.error.DTypeException if a tensor or dtype is of a wrong type
  /// @throws dev.proteus.error.ShapeException if the tensors do not fit together
  public Int4Weight {
    TensorSpec x = new TensorSpec(Shape.of(in), dtype, values.device());
    new Int4Linear().infer(List.of(x, values.spec(), scale.spec(), minimum.spec()));
  }

  /// The tensor of this kind for a floating weight `[out, in]`; it shows the weight's type.
  ///
  /// @throws dev.proteus.error.DTypeException if w is not floating
  /// @throws dev.proteus.error.ShapeException if w has not two axes
  /// @throws IllegalArgumentException if an element of w is infinite, NaN, or beyond float16
  public static Tensor quantize(Tensor w) {
    return Scope.memory(() -> KIND.wrap(of(w)));
  }

  private static Int4Weight of(Tensor w) {
    Weights.check("int4Weight", w.spec());
    Tensor blocks = blocks(w.detach().to(w.dtype().accumulator()));
    Tensor low = blocks.amin(-1);
    // The range is rounded outwards, so that its ends are within half a step, too.
    Tensor minimum = low.sub(slack(low)).to(DType.FLOAT16);
    Tensor steps = blocks.amax(-1).sub(minimum.to(blocks.dtype())).div(LARGEST);
    Tensor scale = steps.add(slack(steps)).to(DType.FLOAT16);
    Weights.checkFinite("int4Weight", minimum);
    Weights.checkFinite("int4Weight", scale);
    Tensor above = blocks.sub(wide(minimum, blocks));
    Tensor codes = above.div(wide(scale, blocks)).round().clamp(0, LARGEST).to(DType.UINT8);
    return new Int4Weight(packed(codes), scale, minimum, w.size(1), w.dtype());
  }

  /// A weight as `[out, blocks, 32]`; its last column is repeated until the last block is full.
  private static Tensor blocks(Tensor w) {
    long blocks = Int4Linear.blocks(w.size(1));
    long missing = blocks * BLOCK - w.size(1);
    Tensor full = w;
    if (missing > 0) {
      Tensor last = w.narrow(1, w.size(1) - 1, 1).expand(w.size(0), missing);
      full = Tensor.cat(List.of(w, last), 1);
    }
    return full.reshape(w.size(0), blocks, BLOCK);
  }

  private static Tensor slack(Tensor x) {
    return x.abs().mul(RELATIVE).add(ABSOLUTE);
  }

  private static Tensor wide(Tensor each, Tensor blocks) {
    return each.to(blocks.dtype()).unsqueeze(-1);
  }

  private static Tensor packed(Tensor codes) {
    Tensor low = codes.narrow(-1, 0, BLOCK / 2);
    Tensor high = codes.narrow(-1, BLOCK / 2, BLOCK / 2);
    return low.bitwiseOr(high.bitwiseLeftShift(4)).flatten(1, 2);
  }

  private TensorSpec shown() {
    return new TensorSpec(Shape.of(values.size(0), in), dtype, values.device());
  }

  private Parts parts() {
    return Parts.of("values", values)
        .and("scale", scale)
        .and("minimum", minimum)
        .and("in", Long.toString(in))
        .and("dtype", dtype.toString());
  }

  private static Int4Weight of(Parts parts) {
    return new Int4Weight(
        parts.tensor("values"),
        parts.tensor("scale"),
        parts.tensor("minimum"),
        (long) parts.number("in"),
        DType.parse(parts.text("dtype")));
  }

  private Int4Weight as(DType other) {
    return new Int4Weight(values.clone(), scale.clone(), minimum.clone(), in, other);
  }

  private Tensor dequantized() {
    return Int4Linear.weight(values, scale, minimum, in, dtype.accumulator()).to(dtype);
  }

  private static Tensor linear(KindCall<Linear, Int4Weight> call) {
    return Weights.linear(call, Int4Weight::dequantized, Int4Weight::applied);
  }

  /// The affine map of `inputs`, which are x, this, and perhaps a bias.
  private Tensor applied(List<Tensor> inputs) {
    Tensor x = inputs.get(0);
    return inputs.size() > 2
        ? x.int4Linear(values, scale, minimum, inputs.get(2))
        : x.int4Linear(values, scale, minimum);
  }
}
