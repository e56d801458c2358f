package dev.proteus.nn;

import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.OptionalLong;

/// A table of vectors: int64 numbers `[*]` become rows `[*, size]` (see
/// [dev.proteus.op.Embedding]).
///
/// Parameter: `weight` `[count, size]`, standard normal at first. The row of padding is zeros and
/// gets no gradient.
public final class Embedding extends Layer {
  private final Parameter weight;
  private final OptionalLong padding;

  public Embedding(long count, long size) {
    this(count, size, OptionalLong.empty());
  }

  /// @param padding the row that stands for nothing; it may count from the end
  public Embedding(long count, long size, OptionalLong padding) {
    this.padding = padding;
    weight = parameter("weight", () -> initial(Shape.of(count, size)));
  }

  private Tensor initial(Shape shape) {
    Tensor table = Init.normal_(Weights.empty(shape), 0, 1);
    padding.ifPresent(row -> Scope.noGrad(() -> table.select(0, row).zero_()));
    return table;
  }

  public Parameter weight() {
    return weight;
  }

  @Override
  protected Tensor compute(Tensor input) {
    return weight.embedding(input, padding);
  }

  @Override
  protected String details() {
    return "%s rows of %s".formatted(weight.size(0), weight.size(1));
  }
}
