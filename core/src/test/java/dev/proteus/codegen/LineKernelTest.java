package dev.proteus.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.proteus.type.DType;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The texts of kernels that work line by line. Whether they compute what they should is seen where
/// a device runs them.
class LineKernelTest {
  private static final List<DType> SOME = List.of(DType.FLOAT64, DType.BFLOAT16);

  @ParameterizedTest
  @EnumSource(LineKernel.class)
  void aKernelIsInItsText(LineKernel kernel) {
    for (Target.Loops loops : Target.Loops.values()) {
      WrittenSource source = kernel.source(DType.FLOAT32, loops);
      assertTrue(source.source().text().contains("KERNEL " + source.entry() + "("), source.entry());
    }
  }

  /// One text serves OpenCL and CUDA. Left out where there is no CUDA compiler.
  @ParameterizedTest
  @EnumSource(LineKernel.class)
  void cudaCompilesIt(LineKernel kernel, @TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(nvcc().isPresent(), "there is no nvcc on the path");
    for (DType dtype : SOME) {
      Target target = new Target(Dialect.CUDA, Target.Loops.STRIPES, Target.Doubles.PRESENT);
      Path file = folder.resolve(kernel + "-" + dtype + ".cu");
      Files.writeString(
          file, target.prelude() + kernel.source(dtype, target.loops()).source().text());
      Process compiler =
          new ProcessBuilder(
                  nvcc().orElseThrow().toString(),
                  "-ptx",
                  "-arch=sm_90",
                  "--fmad=false",
                  "-w",
                  "-o",
                  file + ".ptx",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, compiler.waitFor(), said);
    }
  }

  private static Optional<Path> nvcc() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, "nvcc"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
