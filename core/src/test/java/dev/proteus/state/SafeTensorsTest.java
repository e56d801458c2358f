package dev.proteus.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafeTensorsTest {
  @TempDir Path folder;

  private StateDict throughFile(StateDict state) {
    Path file = folder.resolve("state.safetensors");
    state.save(file);
    return StateDict.load(file);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeComesBack(DType dtype) {
    Tensor values = Tensor.of(new double[] {0, 1, 2, 3, 100, 1}, 2, 3).to(dtype);
    Tensor read = throughFile(StateDict.builder().put("x", values).build()).get("x");
    assertEquals(values.spec(), read.spec());
    assertArrayEquals(values.toDoubleArray(), read.toDoubleArray());
  }

  @Test
  void namesKeepTheirOrderAndStrangeOnesSurvive() {
    StateDict state =
        StateDict.builder()
            .put("z", Tensor.scalar(1))
            .put("a \"quoted\" \\ name\n\u0001", Tensor.of(2L))
            .put("größe 🐚", Tensor.zeros(0, 4))
            .put("", Tensor.of(true, false, true))
            .metadata("key", "text\t\"with\" everything ü")
            .build();
    StateDict read = throughFile(state);
    assertEquals(List.copyOf(state.tensors().keySet()), List.copyOf(read.tensors().keySet()));
    assertEquals(state.metadata(), read.metadata());
    assertEquals(Shape.of(0, 4), read.get("größe 🐚").shape());
    assertEquals(Shape.SCALAR, read.get("z").shape());
    assertArrayEquals(new double[] {1, 0, 1}, read.get("").toDoubleArray());
  }

  @Test
  void sd14VersionsComeBack() {
    StateDict state = StateDict.builder().version("", 1).version("norm", 2).build();
    StateDict read = throughFile(state);
    assertEquals(OptionalInt.of(2), read.version("norm"));
    assertEquals(OptionalInt.empty(), read.version("conv"));
    assertTrue(read.metadata().isEmpty());
  }

  @Test
  void dataIsAlignedAndWideTypesComeFirst() throws IOException {
    Path file = folder.resolve("aligned.safetensors");
    StateDict.builder()
        .put("mask", Tensor.of(true, false, true))
        .put("x", Tensor.of(new double[] {1, 2}, 2).to(DType.FLOAT64))
        .build()
        .save(file);
    byte[] bytes = Files.readAllBytes(file);
    int header = bytes[0];
    assertEquals(0, header % 8);
    String text = new String(bytes, 8, header, StandardCharsets.UTF_8);
    assertEquals(
        "{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[16,19]},"
            + "\"x\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}",
        text.strip());
    assertEquals(8 + header + 19, bytes.length);
  }

  @Test
  void filesOfOthersAreRead() {
    String header =
        " {\"b\" : {\"shape\":[], \"data_offsets\":[3,7], \"dtype\":\"F32\"},\n"
            + "\"\\u0061\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}  ";
    byte[] bytes = new byte[8 + header.length() - 1 + 7];
    bytes[0] = (byte) (header.length() - 1);
    System.arraycopy(
        header.strip().concat("  ").getBytes(StandardCharsets.UTF_8),
        0,
        bytes,
        8,
        header.length() - 1);
    bytes[bytes.length - 7] = 5;
    bytes[bytes.length - 1] = 0x40;
    StateDict read = SafeTensors.read(MemorySegment.ofArray(bytes));
    assertArrayEquals(new long[] {5, 0, 0}, read.get("a").toLongArray());
    assertEquals(2.0, read.get("b").item(), "a tensor that is not aligned");
  }

  @Test
  void aFailedSaveLeavesTheOldFile() throws IOException {
    Path file = folder.resolve("model.safetensors");
    StateDict.builder().put("x", Tensor.scalar(1)).build().save(file);
    byte[] before = Files.readAllBytes(file);
    Tensor meta = Scope.on(Device.META, () -> Tensor.zeros(2));
    StateDict bad = StateDict.builder().put("y", Tensor.scalar(2)).put("m", meta).build();
    NoDataException error = assertThrows(NoDataException.class, () -> bad.save(file));
    assertTrue(String.valueOf(error.getMessage()).contains("'m'"));
    StateDict reserved = StateDict.builder().put("__metadata__", Tensor.scalar(2)).build();
    assertThrows(IllegalArgumentException.class, () -> reserved.save(file));
    assertArrayEquals(before, Files.readAllBytes(file));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "no partial file is left");
    }
  }

  /// On meta, a file is read without its data: how one looks into a file of any size.
  @Test
  void filesBeyondTwoGibibytesAreMapped() throws IOException {
    Path file = folder.resolve("large.safetensors");
    long large = 5L << 30;
    assumeTrue(Files.getFileStore(folder).getUsableSpace() > large, "not enough room on the disk");
    String header =
        "{\"large\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,%s]},"
                .formatted(large / 4, large)
            + "\"last\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[%s,%s]}}"
                .formatted(large, large + 3);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(header.length());
      sparse.seek(Long.BYTES);
      sparse.write(header.getBytes(StandardCharsets.UTF_8));
      sparse.setLength(Long.BYTES + header.length() + large + 3);
    }
    StateDict read = Scope.on(Device.META, () -> StateDict.load(file));
    assertEquals(Shape.of(large / 4), read.get("large").shape());
    assertEquals(DType.INT8, read.get("last").dtype());
  }

  @Test
  void aVersionThatIsNoNumberNamesTheFile() {
    Path file = folder.resolve("odd.safetensors");
    StateDict.builder().metadata("proteus.version.fc", "two").build().save(file);
    for (Executable read :
        List.<Executable>of(() -> SafeTensors.read(file), () -> SafeTensors.map(file))) {
      String message = String.valueOf(assertThrows(StateDictException.class, read).getMessage());
      assertTrue(message.startsWith(file + ": "), message);
      assertTrue(message.contains("two"), message);
    }
  }

  @Test
  void aFolderIsAnInputErrorThatNamesIt() {
    for (Executable read :
        List.<Executable>of(
            () -> SafeTensors.read(folder),
            () -> SafeTensors.map(folder),
            () -> Npy.read(folder),
            () -> Npz.read(folder))) {
      String message = String.valueOf(assertThrows(IOException.class, read).getMessage());
      assertTrue(message.contains(folder.toString()), message);
    }
  }

  @Test
  void aMissingFileIsAnInputError() {
    Path file = folder.resolve("none.safetensors");
    assertThrows(NoSuchFileException.class, () -> SafeTensors.read(file));
    assertThrows(UncheckedIOException.class, () -> StateDict.load(file));
    assertFalse(Files.exists(file));
  }
}
