package dev.proteus.nn;

import dev.proteus.error.DTypeException;
import dev.proteus.tensor.SwapPolicy;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.Optional;

/// How a module is converted: where its tensors go, what they become, and by which way.
///
/// ```java
/// model.to(Conversion.to(DType.BFLOAT16).device(gpu).lowMemory());
/// ```
///
/// @param device where tensors go; none leaves them where they are
/// @param dtype what they become; none leaves their types alone
/// @param cast which tensors take the type
/// @param memory how much memory it may need
/// @param order how elements will lie
/// @param policy what becomes of graphs and views that know the old contents
public record Conversion(
    Optional<Device> device,
    Optional<DType> dtype,
    Cast cast,
    Memory memory,
    Order order,
    SwapPolicy policy) {
  /// Which tensors take the new type; pinned ones never do (rule TO-45).
  public enum Cast {
    /// Those of a floating type (rule TO-11).
    FLOATING,
    /// All (rule TO-8).
    ALL
  }

  /// How much memory a conversion may need.
  public enum Memory {
    /// That of all old and all new contents. A failure leaves everything untouched (rule TO-33).
    WHOLE,
    /// That of all tensors and one more: each is replaced before the next is made. After a failure
    /// those that were done are converted back; graphs recorded before are stale then, and what
    /// could not be restored exactly is named by a suppressed exception (rule TO-33).
    LOW
  }

  /// How elements lie.
  public enum Order {
    KEEP,
    /// In tensors of 4 and 5 axes the second axis, of channels, varies fastest; others keep their
    /// order (rule TO-4).
    CHANNELS_LAST
  }

  /// @throws DTypeException if only floating tensors are cast and `dtype` is not floating (rule
  ///   TO-2)
  public Conversion {
    if (cast == Cast.FLOATING && dtype.isPresent() && !dtype.get().isFloating()) {
      throw new DTypeException(
          "to: a module takes floating types only, not " + dtype.get() + " (rule TO-2)");
    }
  }

  /// A conversion that changes nothing (rule TO-1).
  public static final Conversion NONE =
      new Conversion(
          Optional.empty(),
          Optional.empty(),
          Cast.FLOATING,
          Memory.WHOLE,
          Order.KEEP,
          SwapPolicy.DEFAULT);

  /// To another device.
  public static Conversion to(Device device) {
    return NONE.device(device);
  }

  /// To another floating type.
  ///
  /// @throws DTypeException if `dtype` is not floating (rule TO-2)
  public static Conversion to(DType dtype) {
    return NONE.dtype(dtype, Cast.FLOATING);
  }

  /// This, to another device.
  public Conversion device(Device target) {
    return new Conversion(Optional.of(target), dtype, cast, memory, order, policy);
  }

  /// This, to another type.
  ///
  /// @throws DTypeException if only floating tensors are cast and `target` is not floating
  public Conversion dtype(DType target, Cast which) {
    return new Conversion(device, Optional.of(target), which, memory, order, policy);
  }

  /// This, one tensor at a time.
  public Conversion lowMemory() {
    return new Conversion(device, dtype, cast, Memory.LOW, order, policy);
  }

  /// This, with channels varying fastest.
  public Conversion channelsLast() {
    return new Conversion(device, dtype, cast, memory, Order.CHANNELS_LAST, policy);
  }

  /// This, with something else done about graphs and views.
  public Conversion policy(SwapPolicy other) {
    return new Conversion(device, dtype, cast, memory, order, other);
  }
}
