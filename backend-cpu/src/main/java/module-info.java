import org.jspecify.annotations.NullMarked;

/// The CPU backend: native memory, a block interpreter for expressions, and kernels tuned by hand
/// where they pay. It uses the Vector API when the JVM is started with it and scalar loops
/// otherwise.
@NullMarked
module dev.proteus.backend.cpu {
  requires transitive dev.proteus.core;
  requires jdk.management;
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  provides dev.proteus.spi.BackendProvider with
      dev.proteus.backend.cpu.CpuProvider;
}
