package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A safetensors file of more than 2 GiB and its values.
@Isolated("takes more than 2 GiB of memory")
class LargeFilesTest {
  private static final long LARGE = (2L << 30) + (1L << 20);
  private static final long MEMORY = 8L << 30;

  @TempDir Path folder;

  @Test
  @DisplayName("values beyond 2 GiB are read from a sparse file")
  void beyondTwoGibibytes() throws IOException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    assumeTrue(system.getTotalMemorySize() >= MEMORY, "not enough memory");
    assumeTrue(Files.getFileStore(folder).getUsableSpace() > 2 * LARGE, "not enough room on disk");
    Path file = write();
    Scope.memory(() -> {
      StateDict read = StateDict.load(file);
      Tensor large = read.get("large");
      assertEquals(LARGE, large.numel());
      assertArrayEquals(new long[] {0, 7}, large.narrow(0, LARGE - 2, 2).toLongArray());
      assertArrayEquals(new long[] {8, 9}, read.get("last").toLongArray());
    });
  }

  /// Zeros, then 7, 8 and 9 at the end: only the ends take room on the disk.
  private Path write() throws IOException {
    Path file = folder.resolve("large.safetensors");
    String header =
        "{\"large\":{\"dtype\":\"U8\",\"shape\":[%1$d],\"data_offsets\":[0,%1$d]},".formatted(LARGE)
            + "\"last\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[%d,%d]}}"
                .formatted(LARGE, LARGE + 2);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(header.length());
      sparse.seek(Long.BYTES);
      sparse.write(header.getBytes(StandardCharsets.US_ASCII));
      sparse.seek(Long.BYTES + header.length() + LARGE - 1);
      sparse.write(new byte[] {7, 8, 9});
    }
    return file;
  }
}
