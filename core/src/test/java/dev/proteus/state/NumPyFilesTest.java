package dev.proteus.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// npy and npz, against files that NumPy 2.4.6 wrote by `goldens.py`, which lies beside them.
class NumPyFilesTest {
  private static final double[] VALUES = {0, 1, 2, 3, 100, 1};
  private static final Map<String, DType> KINDS =
      Map.of(
          "f8", DType.FLOAT64,
          "f4", DType.FLOAT32,
          "f2", DType.FLOAT16,
          "i8", DType.INT64,
          "i4", DType.INT32,
          "i2", DType.INT16,
          "i1", DType.INT8,
          "u1", DType.UINT8,
          "b1", DType.BOOL);

  @TempDir Path folder;

  private Path golden(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = NumPyFilesTest.class.getResourceAsStream(name)) {
      Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
    }
    return file;
  }

  private static double[] counted(int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> i);
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.npz", "deflated.npz"})
  void whatNumPyWroteIsRead(String name) throws IOException {
    StateDict read = Npz.read(golden(name));
    assertEquals(21, read.size());
    KINDS.forEach((kind, dtype) -> {
      double[] expected = dtype == DType.BOOL ? new double[] {0, 1, 1, 1, 1, 1} : VALUES;
      assertEquals(dtype, read.get(kind).dtype());
      assertEquals(Shape.of(2, 3), read.get(kind).shape());
      assertArrayEquals(expected, read.get(kind).toDoubleArray(), kind);
      if (dtype.bytes() > 1) {
        assertEquals(dtype, read.get("big_" + kind).dtype());
        assertArrayEquals(VALUES, read.get("big_" + kind).toDoubleArray(), "big_" + kind);
      }
    });
    for (String cube : List.of("fortran", "fortran_big")) {
      assertEquals(Shape.of(2, 3, 4), read.get(cube).shape());
      assertArrayEquals(counted(24), read.get(cube).toDoubleArray(), cube);
      assertTrue(read.get(cube).isContiguous());
    }
    assertEquals(Shape.SCALAR, read.get("scalar").shape());
    assertEquals(1.5, read.get("scalar").item());
    assertEquals(Shape.of(0, 3), read.get("empty").shape());
    assertArrayEquals(new long[] {1, 2}, read.get("größe/λ").toLongArray());
    double[] special = {
      Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 65504, 0x1p-24
    };
    assertArrayEquals(special, read.get("special").toDoubleArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"version1.npy", "version2.npy", "version3.npy"})
  void everyVersionIsRead(String name) throws IOException {
    Tensor read = Npy.read(golden(name));
    assertEquals(DType.FLOAT32, read.dtype());
    assertEquals(Shape.of(2, 3, 4), read.shape());
    assertArrayEquals(counted(24), read.toDoubleArray());
  }

  @Test
  void recordsOfLargeArchivesAreRead() throws IOException {
    StateDict read = Npz.read(golden("zip64.npz"));
    assertEquals(List.of("first", "second"), List.copyOf(read.tensors().keySet()));
    assertArrayEquals(counted(24), read.get("first").toDoubleArray());
    assertArrayEquals(VALUES, read.get("second").toDoubleArray());
  }

  @Test
  void whatIsNoTensorIsRefusedByName() throws IOException {
    Path objects = golden("objects.npy");
    StateDictException error = assertThrows(StateDictException.class, () -> Npy.read(objects));
    assertTrue(
        String.valueOf(error.getMessage()).contains("objects are pickled"), error.getMessage());
    Path fields = golden("fields.npy");
    error = assertThrows(StateDictException.class, () -> Npy.read(fields));
    assertTrue(String.valueOf(error.getMessage()).contains("named fields"), error.getMessage());
  }

  /// The bytes are the same, so that what NumPy does with its own files it does with ours.
  @Test
  void membersAreWhatNumPyWrites() throws IOException {
    Path golden = golden("stored.npz");
    Path ours = folder.resolve("ours.npz");
    Npz.write(ours, Npz.read(golden));
    int compared = 0;
    try (ZipFile theirs = new ZipFile(golden.toFile());
        ZipFile written = new ZipFile(ours.toFile())) {
      assertEquals(theirs.size(), written.size());
      for (ZipEntry entry : theirs.stream().toList()) {
        if (!entry.getName().startsWith("big_") && !entry.getName().startsWith("fortran")) {
          byte[] expected = theirs.getInputStream(entry).readAllBytes();
          ZipEntry same = written.getEntry(entry.getName());
          assertArrayEquals(expected, written.getInputStream(same).readAllBytes(), entry.getName());
          compared++;
        }
      }
    }
    assertEquals(13, compared);
  }

  @Test
  void anArrayIsWhatNumPyWrites() throws IOException {
    Path golden = golden("version1.npy");
    Path ours = folder.resolve("ours.npy");
    Npy.write(ours, Npy.read(golden));
    assertArrayEquals(Files.readAllBytes(golden), Files.readAllBytes(ours));
  }

  @ParameterizedTest
  @EnumSource(Npz.Compression.class)
  void whatIsWrittenIsReadInOrder(Npz.Compression compression) throws IOException {
    Tensor weight = Scope.noGrad(() -> Tensor.randn(300, 70).transpose(0, 1));
    StateDict state =
        StateDict.builder()
            .put("z", weight)
            .put("a", Tensor.of(2L))
            .put("", Tensor.of(true, false))
            .build();
    Path file = folder.resolve("ours.npz");
    Npz.write(file, state, compression);
    StateDict read = Npz.read(file);
    assertEquals(List.of("z", "a", ""), List.copyOf(read.tensors().keySet()));
    assertArrayEquals(weight.toDoubleArray(), read.get("z").toDoubleArray());
    assertEquals(weight.shape(), read.get("z").shape());
    assertArrayEquals(new boolean[] {true, false}, read.get("").toBooleanArray());
  }

  @Test
  void bfloat16HasNoNameInNumPy() {
    StateDict state =
        StateDict.of(Map.of("layer.weight", Tensor.zeros(Shape.of(2), DType.BFLOAT16)));
    Path file = folder.resolve("half.npz");
    DTypeException error = assertThrows(DTypeException.class, () -> Npz.write(file, state));
    assertTrue(String.valueOf(error.getMessage()).contains("'layer.weight'"), error.getMessage());
    assertTrue(String.valueOf(error.getMessage()).contains("FLOAT32"), error.getMessage());
    assertTrue(Files.notExists(file));
  }

  @Test
  void metaHasNothingToWrite() {
    Tensor meta = Scope.on(Device.META, () -> Tensor.zeros(2));
    Path file = folder.resolve("meta.npy");
    assertThrows(NoDataException.class, () -> Npy.write(file, meta));
    assertTrue(Files.notExists(file));
  }

  @Test
  void aMissingFileIsAnInputError() {
    assertThrows(NoSuchFileException.class, () -> Npz.read(folder.resolve("none.npz")));
    assertThrows(NoSuchFileException.class, () -> Npy.read(folder.resolve("none.npy")));
  }

  @Test
  void messagesNameTheFile() throws IOException {
    Path file = Files.write(folder.resolve("short.npz"), new byte[30]);
    StateDictException error = assertThrows(StateDictException.class, () -> Npz.read(file));
    assertTrue(String.valueOf(error.getMessage()).startsWith(file + ": npz: "), error.getMessage());
  }
}
