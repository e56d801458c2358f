package dev.proteus.op;

import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The maps of one operator made so far, so that calls with equal operand types share one map, its
/// derivative and its kernel.
///
/// One slot for each combination of operand types, and a few for the latest combinations with host
/// numbers or another default floating type. Slots are written without a lock: a lost write costs a
/// second, equal map.
final class MapCache {
  private static final int HOST = 2 * DType.values().length;
  private static final int CODES = HOST + 1;
  private static final int RECENT_BITS = 5;

  /// Spreads hash codes whose differences are in high bits, as those of doubles are (Fibonacci
  /// hashing).
  private static final int SPREAD = 0x9E3779B9;

  /// A combination with host numbers, or for another default floating type than float32.
  private record Recent(int code, DType real, List<Scalar> numbers, Map map) {
    boolean is(int otherCode, DType otherReal, List<Scalar> otherNumbers) {
      return code == otherCode && real == otherReal && numbers.equals(otherNumbers);
    }
  }

  private final AtomicReferenceArray<@Nullable Map> byCode;
  private final AtomicReferenceArray<@Nullable Recent> recent =
      new AtomicReferenceArray<>(1 << RECENT_BITS);

  MapCache(int arity) {
    int codes = 1;
    for (int i = 0; i < arity; i++) {
      codes *= CODES;
    }
    byCode = new AtomicReferenceArray<>(codes);
  }

  /// A number that stands for the types and ranks of operands.
  static int code(TensorSpec a) {
    return code(a.dtype(), a.rank() == 0);
  }

  static int code(TensorSpec a, TensorSpec b) {
    return code(a) * CODES + code(b);
  }

  static int code(TensorSpec a, TensorSpec b, TensorSpec c) {
    return code(a, b) * CODES + code(c);
  }

  /// The code of an operand that a host number follows.
  static int withNumber(TensorSpec a) {
    return code(a) * CODES + HOST;
  }

  static int code(List<Term> terms) {
    int code = 0;
    for (Term term : terms) {
      boolean host = term.rank() == Term.Rank.HOST;
      int own = host ? HOST : code(term.dtype(), term.rank() == Term.Rank.ZERO_DIM);
      code = code * CODES + own;
    }
    return code;
  }

  @SuppressWarnings("EnumOrdinal") // an index into a table of this process
  private static int code(DType dtype, boolean zeroDim) {
    return 2 * dtype.ordinal() + (zeroDim ? 1 : 0);
  }

  static List<Scalar> numbers(List<Term> terms) {
    List<Scalar> numbers = new ArrayList<>();
    for (Term term : terms) {
      if (term instanceof Term.Host(Scalar value, _)) {
        numbers.add(value);
      }
    }
    return numbers;
  }

  /// The map of operands without host numbers, where float32 is the default floating type.
  @Nullable Map get(int code) {
    return byCode.get(code);
  }

  Map put(int code, Map map) {
    Map earlier = byCode.compareAndExchange(code, null, map);
    return earlier == null ? map : earlier;
  }

  /// The map of operands with these numbers among them; `real` is the default floating type.
  @Nullable Map get(int code, DType real, List<Scalar> numbers) {
    Recent known = recent.get(place(code, real, numbers));
    return known != null && known.is(code, real, numbers) ? known.map : null;
  }

  Map put(int code, DType real, List<Scalar> numbers, Map map) {
    recent.set(place(code, real, numbers), new Recent(code, real, numbers, map));
    return map;
  }

  private static int place(int code, DType real, List<Scalar> numbers) {
    int hash = 31 * (31 * code + numbers.hashCode()) + real.hashCode();
    return hash * SPREAD >>> Integer.SIZE - RECENT_BITS;
  }
}
