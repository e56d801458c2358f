package dev.proteus.bench;

import dev.proteus.type.Device;
import java.util.Map;
import java.util.function.Supplier;

/// Someone who can do works. Making one loads nothing: two native builds of PyTorch do not fit into
/// one process.
sealed interface Engine permits ProteusEngine, LibtorchEngine, DjlEngine {
  /// What makes ready each work that this engine can do, by the work's name.
  Map<String, Supplier<Runnable>> works();

  /// Whether its library, or its device, is there.
  default boolean isAvailable() {
    return true;
  }

  /// Whether this is a machine for which the build takes the peers' libraries.
  static boolean hasPeers() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /// Seconds until an engine is as fast as it gets.
  int warmup();

  /// The engine of a name on the command line.
  ///
  /// @throws IllegalArgumentException if there is none
  static Engine of(String name) {
    return switch (name) {
      case "proteus" -> new ProteusEngine(Device.CPU);
      case "opencl" -> new ProteusEngine(Device.parse("opencl:0"));
      case "libtorch" -> new LibtorchEngine();
      case "djl" -> new DjlEngine();
      default ->
          throw new IllegalArgumentException(
              "engine: '" + name + "' is not known; there are proteus, opencl, libtorch and djl");
    };
  }
}
