package dev.proteus.tensor;

import dev.proteus.op.Op;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Collects what a [Kind] can do. What its values show and what they consist of must be said, the
/// rest may be.
///
/// @param <P> the kind's values
public final class KindBuilder<P> {
  /// What becomes of an operator that the table does not have.
  enum Otherwise {
    UNSUPPORTED,
    DEQUANTIZED
  }

  final String name;
  final Map<Class<? extends Op>, Function<KindCall<Op, P>, Tensor>> table = new HashMap<>();
  final Set<Kind<?>> overridden = new HashSet<>();
  @Nullable Function<P, TensorSpec> outer;
  @Nullable Function<P, Parts> parts;
  @Nullable Function<Parts, P> assemble;
  @Nullable BiFunction<P, DType, P> cast;
  @Nullable BiFunction<P, Tensor, P> load;
  @Nullable Function<P, Tensor> plain;
  Otherwise otherwise = Otherwise.UNSUPPORTED;

  KindBuilder(String name) {
    this.name = name;
  }

  /// What a tensor with this value shows: shape, type and device, which must be that of its parts.
  public KindBuilder<P> showing(Function<P, TensorSpec> spec) {
    outer = spec;
    return this;
  }

  /// What a value consists of, and how one is made of it: the inverse of each other.
  public KindBuilder<P> parts(Function<P, Parts> of, Function<Parts, P> from) {
    parts = of;
    assemble = from;
    return this;
  }

  /// The value as another element type, which is what it must show then.
  public KindBuilder<P> onCast(BiFunction<P, DType, P> change) {
    cast = change;
    return this;
  }

  /// The value that a tensor of this kind gets when a state dict has plain values for it: how a
  /// quantized weight is loaded from one that is not (rule SD-41). Given the present value and the
  /// new values; it may take over their storage.
  public KindBuilder<P> onModuleLoad(BiFunction<P, Tensor, P> taken) {
    load = taken;
    return this;
  }

  /// The plain tensor that a value stands for: what reads of elements, plain tensors that load it,
  /// and kinds that do not know this one get to see.
  public KindBuilder<P> onDequantize(Function<P, Tensor> values) {
    plain = values;
    return this;
  }

  /// The result of an operator with an operand of this kind. What it shows must be what the
  /// operator infers from what the operands show.
  public <O extends Op> KindBuilder<P> on(Class<O> op, Function<KindCall<O, P>, Tensor> run) {
    table.put(
        op, call -> run.apply(new KindCall<>(call.kind(), op.cast(call.op()), call.inputs())));
    return this;
  }

  /// Lets this kind answer where values of `other` are operands, too (rule SC-4).
  public KindBuilder<P> overrides(Kind<?> other) {
    overridden.add(other);
    return this;
  }

  /// Lets every other operator run on what [#onDequantize(Function)] gives, instead of failing.
  public KindBuilder<P> otherwiseDequantized() {
    otherwise = Otherwise.DEQUANTIZED;
    return this;
  }

  /// The kind.
  ///
  /// @throws IllegalArgumentException if something that must be said was not
  public Kind<P> build() {
    return new Kind<>(this);
  }

  <V> V given(@Nullable V said, String method) {
    if (said == null) {
      throw new IllegalArgumentException("kind %s: call %s(…) first".formatted(name, method));
    }
    return said;
  }
}
