package dev.proteus.backend.cpu.vector;

/// Which loops to run: those of the Vector API where the JVM was started with it, unless
/// `proteus.vector` is `off`.
public final class VectorChoice {
  static final String PROPERTY = "proteus.vector";

  private static final String MODULE = "jdk.incubator.vector";

  private VectorChoice() {}

  /// Whether the Vector API is there and wanted.
  public static boolean isVector() {
    return !"off".equals(System.getProperty(PROPERTY)) && isPresent();
  }

  private static boolean isPresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /// The loops, and a word in the log if they could be faster.
  public static Loops loops() {
    if (isVector()) {
      return VectorLoops.INSTANCE;
    }
    if (!isPresent()) {
      System.getLogger(VectorChoice.class.getName())
          .log(
              System.Logger.Level.INFO,
              "The CPU backend runs without vector instructions of its own; start Java with"
                  + " --add-modules "
                  + MODULE
                  + " to use them.");
    }
    return ScalarLoops.INSTANCE;
  }
}
