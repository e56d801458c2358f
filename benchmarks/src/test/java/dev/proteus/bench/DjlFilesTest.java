package dev.proteus.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.util.passthrough.PassthroughNDManager;
import dev.proteus.state.Npz;
import dev.proteus.state.SafeTensors;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DJL decodes the files we write, and we read what it makes of them. No native engine is needed.
/// It keeps no order in safetensors.
class DjlFilesTest {
  private static final List<DType> TYPES =
      List.of(DType.FLOAT64, DType.FLOAT32, DType.INT64, DType.INT32, DType.INT8, DType.UINT8);

  @TempDir Path folder;

  private static StateDict state() {
    StateDict.Builder builder = StateDict.builder();
    for (DType dtype : TYPES) {
      builder.put("layer." + dtype, Tensor.arange(6).reshape(2, 3).to(dtype));
    }
    return builder
        .put("transposed", Scope.noGrad(() -> Tensor.randn(7, 5).transpose(0, 1)))
        .put("scalar", Tensor.scalar(2.5))
        .build();
  }

  /// What DJL reads, by its types, shapes and bytes.
  private static void check(StateDict ours, NDList theirs) {
    assertEquals(
        ours.tensors().keySet(), theirs.stream().map(NDArray::getName).collect(Collectors.toSet()));
    for (NDArray array : theirs) {
      Tensor tensor = ours.get(array.getName());
      assertEquals(tensor.dtype().toString(), array.getDataType().name().toLowerCase(Locale.ROOT));
      assertArrayEquals(tensor.shape().toArray(), array.getShape().getShape());
      assertArrayEquals(
          tensor.toBytes().toArray(ValueLayout.JAVA_BYTE),
          MemorySegment.ofBuffer(array.toByteBuffer()).toArray(ValueLayout.JAVA_BYTE),
          array.getName());
    }
  }

  private static void check(StateDict ours, StateDict back) {
    assertEquals(ours.tensors().keySet(), back.tensors().keySet());
    ours.tensors()
        .forEach((name, tensor) -> {
          assertEquals(tensor.spec(), back.get(name).spec());
          assertArrayEquals(tensor.toDoubleArray(), back.get(name).toDoubleArray(), name);
        });
  }

  @Test
  void npzGoesThroughDjl() throws IOException {
    StateDict ours = state();
    for (Npz.Compression compression : Npz.Compression.values()) {
      Path file = folder.resolve(compression + ".npz");
      Npz.write(file, ours, compression);
      NDList theirs = NDList.decode(PassthroughNDManager.INSTANCE, Files.readAllBytes(file));
      check(ours, theirs);
      check(ours, Npz.read(MemorySegment.ofArray(theirs.encode(NDList.Encoding.NPZ))));
    }
  }

  @Test
  void safetensorsGoThroughDjl() throws IOException {
    StateDict ours = state();
    Path file = folder.resolve("state.safetensors");
    ours.save(file);
    NDList theirs = NDList.decode(PassthroughNDManager.INSTANCE, Files.readAllBytes(file));
    check(ours, theirs);
    check(
        ours, SafeTensors.read(MemorySegment.ofArray(theirs.encode(NDList.Encoding.SAFETENSORS))));
  }
}
