package dev.proteus.op;

import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The maps of one operator made so far, so that calls with equal operand types share one map, its
/// derivative and its kernel.
///
/// One slot for each combination of operand types, and a few for the latest combinations with host
/// numbers. Slots are written without a lock: a lost write costs a second, equal map.
final class MapCache {
  private static final int CODES = 2 * DType.values().length;
  private static final int RECENT = 32;

  /// A combination with host numbers and its map.
  private record Recent(List<Term> terms, Map map) {}

  private final AtomicReferenceArray<@Nullable Map> byType;
  private final AtomicReferenceArray<@Nullable Recent> recent = new AtomicReferenceArray<>(RECENT);

  MapCache(int arity) {
    int slots = 1;
    for (int i = 0; i < arity; i++) {
      slots *= CODES;
    }
    byType = new AtomicReferenceArray<>(slots);
  }

  @SuppressWarnings("EnumOrdinal") // an index into a table of this process
  static int slot(TensorSpec a) {
    return 2 * a.dtype().ordinal() + (a.rank() == 0 ? 1 : 0);
  }

  static int slot(TensorSpec a, TensorSpec b) {
    return slot(a) * CODES + slot(b);
  }

  static int slot(TensorSpec a, TensorSpec b, TensorSpec c) {
    return slot(a, b) * CODES + slot(c);
  }

  @Nullable Map get(int slot) {
    return byType.get(slot);
  }

  Map put(int slot, Map map) {
    Map earlier = byType.compareAndExchange(slot, null, map);
    return earlier == null ? map : earlier;
  }

  @Nullable Map get(List<Term> terms) {
    Recent known = recent.get(slot(terms));
    return known != null && known.terms.equals(terms) ? known.map : null;
  }

  Map put(List<Term> terms, Map map) {
    recent.set(slot(terms), new Recent(terms, map));
    return map;
  }

  private static int slot(List<Term> terms) {
    int hash = terms.hashCode();
    return (hash ^ hash >>> 16) & RECENT - 1;
  }
}
