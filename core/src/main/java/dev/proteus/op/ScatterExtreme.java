package dev.proteus.op;

import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A copy of `base` in which each place that the index names is the larger, or smaller, of itself
/// and all of `source` that goes there.
///
/// Operands as of [Scatter], the source with the shape of the index. Equal values share the
/// gradient evenly.
///
/// @param axis axis from 0
/// @param kind which one wins
public record ScatterExtreme(int axis, Kind kind) implements Composite, Differentiable {
  /// Which one wins.
  public enum Kind {
    MAX,
    MIN
  }

  @Override
  public String name() {
    return kind == Kind.MAX ? "scatterMax" : "scatterMin";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    return larger().infer(inputs);
  }

  private Scatter larger() {
    return new Scatter(axis, Scatter.Mode.MAX);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T base = inputs.get(0);
    return List.of(
        switch (kind) {
          case MAX -> base.call(larger(), inputs);
          case MIN -> {
            T source = reversed(inputs.get(2));
            yield reversed(base.call(larger(), List.of(reversed(base), inputs.get(1), source)));
          }
        });
  }

  /// The opposite order of values; a complement, for the least integer has no negative.
  private static <T extends TensorOps<T>> T reversed(T x) {
    return x.spec().dtype().isFloating() ? x.neg() : x.bitwiseNot();
  }

  @Override
  public boolean isDifferentiable(List<TensorSpec> inputs) {
    return inputs.getFirst().dtype().isFloating();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T index = g.input(1);
    T out = g.output();
    DType dtype = out.spec().dtype();
    T baseWins = g.input(0).eq(out).to(dtype);
    T sourceWins = g.input(2).eq(out.gather(axis, index)).to(dtype);
    T winners = baseWins.scatterAdd(axis, index, sourceWins);
    T share = g.grad().div(winners);
    return Arrays.asList(share.mul(baseWins), null, share.gather(axis, index).mul(sourceWins));
  }
}
