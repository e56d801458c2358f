package dev.proteus.spi;

import dev.proteus.op.Composite;
import dev.proteus.op.Hosted;
import dev.proteus.op.Op;
import dev.proteus.type.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operators that a backend runs by kernels of its own although their definition would do: a
/// table, one line per kernel, that reads as what the backend is good at.
///
/// @param <B> the backend, handed to the factories
public final class FastKernels<B> {
  private final Map<Class<? extends Op>, Factory<B, Op>> factories;

  private FastKernels(Map<Class<? extends Op>, Factory<B, Op>> factories) {
    this.factories = Map.copyOf(factories);
  }

  /// Makes the kernel of one operator, or declines these operands.
  ///
  /// @param <B> the backend
  /// @param <O> the operator
  @FunctionalInterface
  public interface Factory<B, O extends Op> {
    /// A kernel for `op` on operands of these specs; empty where the definition is as good.
    Optional<Kernel> make(B backend, O op, List<TensorSpec> inputs);
  }

  /// A table without lines.
  public static <B> FastKernels<B> none() {
    return new FastKernels<>(Map.of());
  }

  /// This table with a kernel for a composite.
  public <O extends Composite> FastKernels<B> composite(
      Class<O> op, Factory<B, ? super O> factory) {
    return with(op, factory);
  }

  /// This table with a kernel for a hosted operator.
  public <O extends Hosted> FastKernels<B> hosted(Class<O> op, Factory<B, ? super O> factory) {
    return with(op, factory);
  }

  private <O extends Op> FastKernels<B> with(Class<O> type, Factory<B, ? super O> factory) {
    Map<Class<? extends Op>, Factory<B, Op>> grown = new LinkedHashMap<>(factories);
    grown.put(type, (backend, op, inputs) -> factory.make(backend, type.cast(op), inputs));
    return new FastKernels<>(grown);
  }

  /// The kernel for `op`, if the table has one that accepts these operands.
  public Optional<Kernel> find(B backend, Op op, List<TensorSpec> inputs) {
    Factory<B, Op> factory = factories.get(op.getClass());
    return factory == null ? Optional.empty() : factory.make(backend, op, inputs);
  }
}
