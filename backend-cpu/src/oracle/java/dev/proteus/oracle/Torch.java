package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// PyTorch: its tensors and, by their schemas, all its operators.
///
/// Native memory belongs to the pointer scope that the caller has opened.
final class Torch {
  private static final ConcurrentHashMap<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  static {
    // Set before JavaCPP is loaded: every case frees what it made, so no collector has to watch.
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    // The suite shares the cores with other tests: PyTorch's own threads would only spin.
    torch.set_num_threads(1);
    // Takes the level from the environment, which the build sets: its warnings are not ours.
    torch.initLogging();
  }

  private Torch() {}

  /// The operator's schema.
  ///
  /// @throws IllegalArgumentException if PyTorch has no such operator
  static Schema schema(String operator, String overload) {
    return SCHEMAS.computeIfAbsent(operator + "." + overload, _ -> schemaOf(operator, overload));
  }

  private static Schema schemaOf(String operator, String overload) {
    String qualified = operator.contains("::") ? operator : "aten::" + operator;
    try {
      return new Schema(Dispatcher.realSingleton().findSchemaOrThrow(qualified, overload));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "torch: no operator %s with overload '%s'".formatted(qualified, overload), e);
    }
  }

  /// The tensors that an operator makes; lists are flattened.
  static List<Tensor> call(Schema schema, List<Slot> slots) {
    IValueVector stack = schema.stack(slots);
    schema.handle().callBoxed(stack);
    List<Tensor> results = new ArrayList<>();
    for (long i = 0; i < stack.size(); i++) {
      add(results, stack.get(i));
    }
    return results;
  }

  private static void add(List<Tensor> results, IValue value) {
    if (value.isTensor()) {
      results.add(value.toTensor());
    } else if (value.isTensorList()) {
      TensorVector all = value.toTensorVector();
      for (long i = 0; i < all.size(); i++) {
        results.add(all.get(i));
      }
    }
  }

  /// A tensor with these elements.
  static Tensor of(Shape shape, DType dtype, MemorySegment bytes) {
    Tensor result = torch.empty(shape.toArray()).to(type(dtype));
    memory(result, bytes.byteSize()).copyFrom(bytes);
    return result;
  }

  /// A view of `base`.
  static Tensor view(Tensor base, Shape shape, Placement.Strides strides) {
    return base.as_strided(shape.toArray(), strides.all(), new LongOptional(strides.offset()));
  }

  /// The elements of a tensor.
  static Elements read(Tensor tensor) {
    Tensor plain = tensor.detach().contiguous();
    DType dtype = dtype(plain.scalar_type());
    Shape shape = shape(plain);
    if (plain._is_zerotensor()) {
      return Elements.zeros(dtype, shape);
    }
    byte[] bytes = new byte[Math.toIntExact(shape.numel() * dtype.bytes())];
    MemorySegment copy = MemorySegment.ofArray(bytes);
    return new Elements(dtype, shape, copy.copyFrom(memory(plain, bytes.length)));
  }

  static Shape shape(Tensor tensor) {
    long[] sizes = new long[Math.toIntExact(tensor.dim())];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = tensor.size(i);
    }
    return Shape.of(sizes);
  }

  @SuppressWarnings("restricted") // the only way to memory that is not ours
  private static MemorySegment memory(Tensor tensor, long bytes) {
    if (bytes == 0) {
      return MemorySegment.ofArray(new byte[0]);
    }
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(bytes);
  }

  static ScalarType type(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> ScalarType.Double;
      case FLOAT32 -> ScalarType.Float;
      case FLOAT16 -> ScalarType.Half;
      case BFLOAT16 -> ScalarType.BFloat16;
      case INT64 -> ScalarType.Long;
      case INT32 -> ScalarType.Int;
      case INT16 -> ScalarType.Short;
      case INT8 -> ScalarType.Char;
      case UINT8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  static DType dtype(ScalarType type) {
    for (DType dtype : DType.values()) {
      if (type(dtype).value == type.intern().value) {
        return dtype;
      }
    }
    throw new IllegalArgumentException("torch: elements of type " + type + " have no counterpart");
  }
}
