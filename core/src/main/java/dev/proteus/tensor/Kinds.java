package dev.proteus.tensor;

import dev.proteus.error.DTypeException;
import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.op.Op;
import dev.proteus.op.View;
import dev.proteus.type.TensorSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The step of a call at which kinds answer.
final class Kinds {
  private Kinds() {}

  static boolean isWrapped(TensorBody body) {
    return body.payload() instanceof Payload.Wrapped<?>;
  }

  static boolean anyWrapped(List<TensorBody> bodies) {
    for (int i = 0; i < bodies.size(); i++) {
      if (isWrapped(bodies.get(i))) {
        return true;
      }
    }
    return false;
  }

  /// The results of an operator with an operand of a kind. They are bodies of their own, also where
  /// a kind answers with one of its parts.
  static List<TensorBody> run(Op op, List<TensorBody> inputs, Scope scope) {
    List<TensorSpec> inferred = op.infer(inputs.stream().map(TensorBody::spec).toList());
    Kind<?> kind = chosen(op, inputs);
    return Dispatcher.framed(
        inputs,
        scope.withoutGrad(),
        operands -> {
          List<Tensor> results = kind.answer(op, operands);
          KindBody.checkShown(kind, op, inferred, results.stream().map(Tensor::spec).toList());
          return results.stream().map(result -> own(op, inputs.getFirst(), result)).toList();
        });
  }

  /// What a kind answered with as a body that no one else has: a view of the operand where it reads
  /// the operand's storages, so that writes in place find their way (rules AG-22, AG-23).
  private static Tensor own(Op op, TensorBody operand, Tensor result) {
    return op instanceof View view && KindBody.shareStorage(operand, result.body())
        ? new Tensor(result.body().viewOf(operand, view))
        : result.detach();
  }

  /// The kind that answers: the first that has the operator and overrides all others among the
  /// operands (rule SC-4).
  private static Kind<?> chosen(Op op, List<TensorBody> inputs) {
    Set<Kind<?>> present = new LinkedHashSet<>();
    for (TensorBody input : inputs) {
      if (input.payload() instanceof Payload.Wrapped<?> wrapped) {
        present.add(wrapped.kind());
      }
    }
    if (present.size() == 1) {
      return present.iterator().next();
    }
    return present.stream()
        .filter(kind -> kind.answers(op))
        .filter(kind -> present.stream().allMatch(o -> o == kind || kind.overrides(o)))
        .findFirst()
        .orElseThrow(() -> unrelated(op, present));
  }

  private static UnsupportedOperatorException unrelated(Op op, Set<Kind<?>> present) {
    return new UnsupportedOperatorException(
        "%s: no kind among %s answers for all of them; one must override the others, see"
                .formatted(
                    op.name(),
                    present.stream().map(Kind::name).collect(Collectors.joining(" and ")))
            + " KindBuilder.overrides (rule SC-4)");
  }

  // ---- values

  /// The tensor itself, or the plain one that a kind makes of it.
  static Tensor plain(Tensor tensor) {
    return Kind.of(tensor).map(kind -> kind.dequantized(tensor, "dequantize")).orElse(tensor);
  }

  /// A body with elements: this one, or what its kind makes of it, which the caller disowns.
  static TensorBody elements(TensorBody body, String operator) {
    if (!(body.payload() instanceof Payload.Wrapped<?> wrapped)) {
      return body;
    }
    return Dispatcher.framed(
            List.of(body),
            Scope.current().withoutGrad(),
            given -> List.of(wrapped.kind().dequantized(given.getFirst(), operator).detach()))
        .getFirst();
  }

  // ---- writes in place

  /// Writes `value` into `target`, of which at least one is of a kind: part by part, so that
  /// aliases of the target see it.
  ///
  /// @throws UnsupportedOperatorException if the kinds do not say how
  static void write(TensorBody value, TensorBody target) {
    if (!(target.payload() instanceof Payload.Wrapped<?> wrapped)) {
      TensorBody plain = elements(value, "copy_");
      InPlace.write(plain, target);
      plain.disown();
      return;
    }
    Kind<?> kind = wrapped.kind();
    Dispatcher.framed(
        List.of(value, target),
        Scope.current().withoutGrad(),
        given -> {
          Tensor source = given.get(0);
          Tensor into = given.get(1);
          boolean isSame = Kind.of(source).filter(k -> k == kind).isPresent();
          Tensor content = isSame ? source : kind.loaded(into, plain(source));
          writeParts(kind, kind.parts(content), kind.parts(into));
          return List.of();
        });
  }

  /// All parts are written, or none: what does not fit is found first.
  private static void writeParts(Kind<?> kind, Parts from, Parts to) {
    if (!from.attributes().equals(to.attributes()) || !fits(from.tensors(), to.tensors())) {
      throw new DTypeException(
          "copy_: of the kind %s, %s is written in place, and the new value is %s; swap instead"
              .formatted(kind.name(), to.described(), from.described()));
    }
    to.tensors().forEach((name, part) -> part.copy_(from.tensor(name)));
  }

  private static boolean fits(Map<String, Tensor> from, Map<String, Tensor> to) {
    return from.keySet().equals(to.keySet())
        && to.entrySet().stream().allMatch(e -> fits(from.get(e.getKey()), e.getValue()));
  }

  private static boolean fits(@Nullable Tensor from, Tensor to) {
    return from != null && from.shape().equals(to.shape()) && from.dtype().canCastTo(to.dtype());
  }
}
