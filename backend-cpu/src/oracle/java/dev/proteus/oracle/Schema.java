package dev.proteus.oracle;

import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;

/// An operator of PyTorch and what its places take.
final class Schema {
  private final OperatorHandle handle;
  private final List<Place> places = new ArrayList<>();

  /// A place of the schema.
  ///
  /// @param name PyTorch's
  /// @param type as PyTorch prints it, such as `int[]?`
  /// @param element the type of a list's elements; the list's own where it is none
  /// @param argument what knows the default
  private record Place(String name, String type, Type.TypePtr element, Argument argument) {}

  Schema(OperatorHandle handle) {
    this.handle = kept(handle);
    Argument all = kept(handle.schema().arguments());
    for (long i = 0; i < all.limit(); i++) {
      Argument argument = kept(all.getPointer(i));
      Type.TypePtr type = argument.type();
      String name = type.get().str().getString();
      places.add(new Place(argument.name().getString(), name, kept(element(type, name)), argument));
    }
  }

  /// Out of the caller's pointer scope: schemas live as long as the process.
  private static <P extends Pointer> P kept(P pointer) {
    return pointer.retainReference();
  }

  private static Type.TypePtr element(Type.TypePtr type, String name) {
    Type.TypePtr list = name.endsWith("]?") ? type.get().containedType(0) : type;
    return name.contains("[]") ? list.get().containedType(0) : list;
  }

  OperatorHandle handle() {
    return handle;
  }

  /// The operands of a call; what is missing at the end stays at its default.
  IValueVector stack(List<Slot> slots) {
    if (slots.size() > places.size()) {
      throw new IllegalArgumentException(
          "torch: %s operands for %s".formatted(slots.size(), places));
    }
    IValueVector stack = new IValueVector();
    for (int i = 0; i < places.size(); i++) {
      stack.push_back(
          i < slots.size() ? value(places.get(i), slots.get(i)) : missing(places.get(i)));
    }
    return stack;
  }

  private static IValue missing(Place place) {
    if (place.argument().default_value().has_value()) {
      return place.argument().default_value().get();
    }
    if (place.type().endsWith("?")) {
      return new IValue();
    }
    throw new IllegalArgumentException("torch: nothing given for " + place.name());
  }

  private static IValue value(Place place, Slot slot) {
    return switch (slot) {
      case Slot.Tensors(List<Tensor> all) ->
          place.type().startsWith("Tensor[]") || place.type().startsWith("Tensor?[]")
              ? list(place, all.stream().map(IValue::new).toList())
              : new IValue(all.getFirst());
      case Slot.Plain(Value value) -> plain(place, value);
    };
  }

  private static IValue plain(Place place, Value value) {
    String type = place.type();
    return switch (value) {
      case Value.Absent _ -> type.endsWith("[]") ? list(place, List.of()) : new IValue();
      case Value.Whole(long number) ->
          type.startsWith("Scalar")
              ? new IValue(new Scalar(number))
              : type.startsWith("float")
                  ? new IValue((double) number)
                  : type.contains("[]")
                      ? list(place, List.of(new IValue(number)))
                      : new IValue(number);
      case Value.Real(double number) ->
          type.startsWith("Scalar") ? new IValue(new Scalar(number)) : new IValue(number);
      case Value.Truth(boolean flag) ->
          type.startsWith("int") ? new IValue(flag ? 1L : 0L) : new IValue(flag);
      case Value.Wholes(List<Long> all) -> list(place, all.stream().map(IValue::new).toList());
      case Value.Reals(List<Double> all) -> list(place, all.stream().map(IValue::new).toList());
      case Value.Word(String word) ->
          type.startsWith("str") ? new IValue(word) : new IValue(code(word));
      case Operand _, Value.Operands _ ->
          throw new IllegalArgumentException("torch: a tensor was not made: " + value);
    };
  }

  private static IValue list(Place place, List<IValue> elements) {
    GenericList list = new GenericList(place.element());
    elements.forEach(list::push_back);
    return new IValue(list);
  }

  /// The number that stands for a name where PyTorch takes an integer.
  private static long code(String word) {
    return switch (word) {
      case "none" -> 0;
      case "mean" -> 1;
      case "sum" -> 2;
      default -> Torch.type(DType.parse(word)).value;
    };
  }
}
