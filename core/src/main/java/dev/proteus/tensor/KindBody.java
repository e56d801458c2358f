package dev.proteus.tensor;

import dev.proteus.op.Op;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Bodies of kinds, and what must be true of them.
final class KindBody {
  private KindBody() {}

  /// A body with this value, which owns aliases of its parts: whatever becomes of the handles that
  /// it was made of, by a swap or at the end of a memory scope, does not touch it.
  static <P> TensorBody of(Kind<P> kind, P given) {
    List<TensorBody> owned = new ArrayList<>();
    try {
      P value = kind.assembled(kind.partsOf(given).map(part -> alias(part, owned)));
      TensorSpec spec = kind.shown(value);
      check(kind, spec, owned);
      Layout layout = Layout.contiguous(spec.shape());
      return TensorBody.fresh(spec, new Payload.Wrapped<>(kind, value, owned, layout));
    } catch (RuntimeException | Error e) {
      owned.forEach(TensorBody::disown);
      throw e;
    }
  }

  private static Tensor alias(Tensor part, List<TensorBody> owned) {
    TensorBody body = part.body().alias();
    owned.add(body);
    return new Tensor(body);
  }

  private static void check(Kind<?> kind, TensorSpec shown, List<TensorBody> parts) {
    for (TensorBody part : parts) {
      if (!part.spec().device().equals(shown.device())) {
        throw new IllegalStateException(
            "kind %s: the value shows %s, but a part is %s; a tensor and its parts are on one device"
                    .formatted(kind.name(), shown, part.spec())
                + " (rule SC-23)");
      }
    }
  }

  /// The results of an operator must show what the operator infers: a kind that converts what it
  /// shows and not what it holds, or the other way round, or has one result for an operator of two,
  /// is found out at once (rule SC-23).
  static void checkShown(Kind<?> kind, Op op, List<TensorSpec> inferred, List<TensorSpec> shown) {
    if (!shown.equals(inferred)) {
      throw new IllegalStateException(
          "kind %s: %s gave %s, where what the operands show makes it %s; the value and what it shows"
                  .formatted(kind.name(), op.name(), shown, inferred)
              + " must change together (rule SC-23)");
    }
  }

  /// A view of a kind must read the storages of its operand (rule SC-22).
  static void checkView(Op view, Tensor operand, Tensor result) {
    if (!shareStorage(operand.body(), result.body())) {
      throw new IllegalStateException(
          "kind %s: %s is a view, but its result %s shares no storage with the operand (rule SC-22)"
              .formatted(Kind.of(operand).map(Kind::name).orElse(""), view.name(), result.spec()));
    }
  }

  /// Whether some elements of one may lie where some of the other do.
  static boolean shareStorage(TensorBody one, TensorBody other) {
    if (!Kinds.isWrapped(one) && !Kinds.isWrapped(other)) {
      return one.shared() == other.shared();
    }
    List<Shared> storages = storages(one);
    return storages(other).stream().anyMatch(storages::contains);
  }

  private static List<Shared> storages(TensorBody body) {
    return switch (body.payload()) {
      case Payload.Dense _, Payload.Meta _, Payload.Uninitialized _ -> List.of(body.shared());
      case Payload.Wrapped<?> wrapped ->
          wrapped.parts().stream().flatMap(part -> storages(part).stream()).toList();
    };
  }
}
