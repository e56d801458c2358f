package dev.proteus.tensor;

import dev.proteus.op.RandomOps;
import dev.proteus.op.RandomOps.Drawing;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;

/// The operators that fill the tensor they are called on, or one like it, with random numbers from
/// the generator of [Scope]. On the meta device none are used up (rule MD-4).
sealed interface InPlaceRandomOps permits Tensor {
  Tensor self();

  TensorSpec spec();

  /// Uniform numbers from `low` to `high`, exclusive.
  default Tensor uniform_(double low, double high) {
    Generator.Draw draw = Factory.draw(spec(), 2);
    Tensor drawn = self().rand(spec(), draw.seed(), draw.offset());
    return self().copy_(drawn.mul(high - low).add(low));
  }

  /// Normal numbers.
  default Tensor normal_(double mean, double deviation) {
    Generator.Draw draw = Factory.draw(spec(), 4);
    Tensor drawn = self().randn(spec(), draw.seed(), draw.offset());
    return self().copy_(drawn.mul(deviation).add(mean));
  }

  /// Numbers of the exponential distribution with mean `1 / rate`.
  default Tensor exponential_(double rate) {
    Generator.Draw draw = Factory.draw(spec(), 2);
    return self().copy_(self().exponential(spec(), draw.seed(), draw.offset()).div(rate));
  }

  /// Ones with probability `p`, else zeros.
  default Tensor bernoulli_(double p) {
    Generator.Draw draw = Factory.draw(spec(), 1);
    return self().copy_(self().bernoulli(p, spec(), draw.seed(), draw.offset()));
  }

  /// Integers from `low` to `high`, exclusive, in the type of this.
  default Tensor random_(long low, long high) {
    Generator.Draw draw = Factory.draw(spec(), 2);
    return self().copy_(self().randint(low, high, spec(), draw.seed(), draw.offset()));
  }

  /// A tensor of the spec of this with undefined content.
  default Tensor emptyLike() {
    return Literals.made(Factory.empty(self().spec()));
  }

  /// Random numbers from [0, 1), of the spec of this.
  default Tensor randLike() {
    return Scope.noGrad(() -> self().emptyLike().uniform_(0, 1));
  }

  /// Random numbers from the standard normal distribution, of the spec of this.
  default Tensor randnLike() {
    return Scope.noGrad(() -> self().emptyLike().normal_(0, 1));
  }

  /// Random integers from `low` to `high`, exclusive, of the spec of this.
  default Tensor randintLike(long low, long high) {
    return Scope.noGrad(() -> self().emptyLike().random_(low, high));
  }

  /// Ones with the probabilities that this holds, else zeros.
  default Tensor bernoulli() {
    Generator.Draw draw = Factory.draw(spec(), 2);
    return self().bernoulli(draw.seed(), draw.offset());
  }

  /// The places of `count` things, drawn by the weights that this holds; see
  /// [RandomOps#multinomial(long, Drawing, long, long)].
  default Tensor multinomial(long count, Drawing drawing) {
    Generator.Draw draw = drawOf(count);
    return self().multinomial(count, drawing, draw.seed(), draw.offset());
  }

  /// As many words as a draw of `count` things, or a race of all, takes.
  private Generator.Draw drawOf(long count) {
    Shape shape = spec().shape();
    return shape.rank() == 0
        ? Factory.draw(spec(), 2)
        : Factory.draw(spec().withShape(shape.with(-1, Math.max(count, shape.size(-1)))), 2);
  }
}
