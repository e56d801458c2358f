package dev.proteus.tensor;

import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.op.Copies;
import dev.proteus.op.Op;
import dev.proteus.op.Transfer;
import dev.proteus.op.View;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A kind of tensor: how operators understand a value that consists of other tensors, such as a
/// matrix in few bits with its scales (rules SC-10 to SC-23).
///
/// A tensor of a kind shows a spec and has no elements of its own. Copies, moves to other devices
/// and detached aliases follow from its parts; everything else is an operator that the kind has in
/// its table, or an error that names both. A kind is asked below autograd: what is recorded is the
/// operator itself.
///
/// A value is data and a kind is a table of functions; nothing is inherited. A tensor takes shares
/// of its own of the storages that it is made of.
///
/// ```java
/// record Scaled(Tensor elem, double scale) {}
///
/// static final Kind<Scaled> SCALED =
///     Kind.<Scaled>named("Scaled")
///         .showing(s -> s.elem().spec())
///         .parts(
///             s -> Parts.of("elem", s.elem()).and("scale", s.scale()),
///             p -> new Scaled(p.tensor("elem"), p.number("scale")))
///         .onCast((s, dtype) -> new Scaled(s.elem().to(dtype), s.scale()))
///         .on(Linear.class, c -> c.input(0).linear(c.value(1).elem()).mul(c.value(1).scale()))
///         .build();
/// ```
///
/// @param <P> its values
public final class Kind<P> {
  private final String name;
  private final Function<P, TensorSpec> outer;
  private final Function<P, Parts> parts;
  private final Function<Parts, P> assemble;
  private final @Nullable BiFunction<P, DType, P> cast;
  private final @Nullable BiFunction<P, Tensor, P> load;
  private final @Nullable Function<P, Tensor> plain;
  private final Map<Class<? extends Op>, Function<KindCall<Op, P>, Tensor>> table;
  private final Set<Kind<?>> overridden;
  private final KindBuilder.Otherwise otherwise;

  Kind(KindBuilder<P> builder) {
    name = builder.name;
    outer = builder.given(builder.outer, "showing");
    parts = builder.given(builder.parts, "parts");
    assemble = builder.given(builder.assemble, "parts");
    cast = builder.cast;
    load = builder.load;
    otherwise = builder.otherwise;
    plain =
        otherwise == KindBuilder.Otherwise.DEQUANTIZED
            ? builder.given(builder.plain, "onDequantize")
            : builder.plain;
    table = Map.copyOf(builder.table);
    overridden = Set.copyOf(builder.overridden);
  }

  /// A kind under construction.
  public static <P> KindBuilder<P> named(String name) {
    return new KindBuilder<>(name);
  }

  /// The kind of a tensor; a plain one has none.
  public static Optional<Kind<?>> of(Tensor tensor) {
    return tensor.body().payload() instanceof Payload.Wrapped<?> wrapped
        ? Optional.of(wrapped.kind())
        : Optional.empty();
  }

  /// What errors and files call it.
  public String name() {
    return name;
  }

  // ---- values

  /// A tensor with this value, outside any graph.
  ///
  /// @throws IllegalStateException if the value shows another device than its parts have (rule
  ///   SC-23)
  public Tensor wrap(P value) {
    TensorBody body = KindBody.of(this, value);
    Frame frame = Scope.current().frame();
    if (frame != null) {
      frame.add(body);
    }
    return new Tensor(body);
  }

  /// The value of a tensor of this kind; its tensors are the ones it consists of.
  public Optional<P> unwrap(Tensor tensor) {
    return tensor.body().payload() instanceof Payload.Wrapped<?> wrapped
        ? value(wrapped)
        : Optional.empty();
  }

  /// The value of `wrapped` if it is of this kind, and so of the type that this kind's values have.
  @SuppressWarnings("unchecked")
  private Optional<P> value(Payload.Wrapped<?> wrapped) {
    return wrapped.kind() == this ? Optional.of((P) wrapped.value()) : Optional.empty();
  }

  /// What a tensor of this kind consists of.
  ///
  /// @throws UnsupportedOperatorException if it is of another kind
  public Parts parts(Tensor tensor) {
    return parts.apply(present(tensor));
  }

  /// The tensor that consists of these.
  ///
  /// @throws dev.proteus.error.StateDictException if something is missing
  public Tensor assemble(Parts given) {
    return wrap(assemble.apply(given));
  }

  /// A tensor of this kind with each part replaced.
  Tensor withParts(Tensor tensor, UnaryOperator<Tensor> change) {
    return assemble(parts(tensor).map(change));
  }

  private P present(Tensor tensor) {
    return unwrap(tensor)
        .orElseThrow(() -> unsupported("unwrap", tensor.spec() + " is not of this kind"));
  }

  TensorSpec shown(P value) {
    return outer.apply(value);
  }

  Parts partsOf(P value) {
    return parts.apply(value);
  }

  P assembled(Parts given) {
    return assemble.apply(given);
  }

  // ---- operators

  boolean overrides(Kind<?> other) {
    return overridden.contains(other);
  }

  /// Whether an operator with operands of this kind has a result.
  boolean answers(Op op) {
    return isStructural(op)
        || table.containsKey(op.getClass())
        || otherwise == KindBuilder.Otherwise.DEQUANTIZED;
  }

  private static boolean isStructural(Op op) {
    return op instanceof Transfer || Copies.isCast(op);
  }

  /// The results of an operator of which at least one operand is of this kind.
  List<Tensor> answer(Op op, List<Tensor> inputs) {
    if (op instanceof Transfer transfer) {
      return List.of(moved(inputs.getFirst(), transfer.target()));
    }
    if (Copies.isCast(op)) {
      return List.of(cast(inputs.getFirst(), op.infer(specs(inputs)).getFirst().dtype()));
    }
    Function<KindCall<Op, P>, Tensor> run = table.get(op.getClass());
    if (run != null) {
      Tensor result = run.apply(new KindCall<>(this, op, inputs));
      if (op instanceof View) {
        KindBody.checkView(op, inputs.getFirst(), result);
      }
      return List.of(result);
    }
    return switch (otherwise) {
      case UNSUPPORTED -> throw unsupported(op.name(), "it has no such operator");
      case DEQUANTIZED -> onPlain(op, inputs);
    };
  }

  private static List<TensorSpec> specs(List<Tensor> inputs) {
    return inputs.stream().map(Tensor::spec).toList();
  }

  private List<Tensor> onPlain(Op op, List<Tensor> inputs) {
    List<Tensor> plainInputs = inputs.stream().map(Kinds::plain).toList();
    return plainInputs.getFirst().apply(op, plainInputs);
  }

  private Tensor moved(Tensor tensor, Device device) {
    return withParts(tensor, part -> part.to(device));
  }

  private Tensor cast(Tensor tensor, DType dtype) {
    if (dtype == tensor.dtype()) {
      return withParts(tensor, Tensor::clone);
    }
    if (cast == null) {
      throw unsupported("to", "it says nothing of other element types; see KindBuilder.onCast");
    }
    return wrap(cast.apply(present(tensor), dtype));
  }

  /// The plain tensor that a tensor of this kind stands for.
  ///
  /// @throws UnsupportedOperatorException if the kind does not say
  Tensor dequantized(Tensor tensor, String operator) {
    if (plain == null) {
      throw hasNoElements(operator, tensor.spec());
    }
    return plain.apply(present(tensor));
  }

  /// Whether the kind says what to make of plain values.
  boolean takesPlain() {
    return load != null;
  }

  /// The content that `target`, of this kind, gets from plain values.
  ///
  /// @throws UnsupportedOperatorException if the kind does not say
  Tensor loaded(Tensor target, Tensor source) {
    if (load == null) {
      throw unsupported(
          "load", "it says nothing of plain values " + source.spec() + "; see onModuleLoad");
    }
    return wrap(load.apply(present(target), source));
  }

  // ---- errors

  UnsupportedOperatorException unsupported(String operator, String why) {
    return new UnsupportedOperatorException(
        "%s: not supported by the kind %s: %s (rule SC-16)".formatted(operator, name, why));
  }

  UnsupportedOperatorException hasNoElements(String operator, TensorSpec spec) {
    return unsupported(
        operator, spec + " has no elements of its own, and no onDequantize to give them");
  }

  @Override
  public String toString() {
    return name;
  }
}
