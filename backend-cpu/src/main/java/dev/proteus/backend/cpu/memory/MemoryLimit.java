package dev.proteus.backend.cpu.memory;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// How much native memory the backend may take from the system.
///
/// The default is three quarters of the machine's memory. Asking for that costs tens of
/// milliseconds, so it is not done before the first 256 MiB are taken.
public final class MemoryLimit {
  static final String PROPERTY = "proteus.memory";

  private static final long BEYOND_QUESTION = 1L << 28;
  private static final long UNKNOWN = -1;

  private volatile long bytes;

  private MemoryLimit(long bytes) {
    this.bytes = bytes;
  }

  /// A limit of so many bytes.
  public static MemoryLimit of(long bytes) {
    return new MemoryLimit(bytes);
  }

  /// What the system property `proteus.memory` says, such as `4g`, else the default.
  public static MemoryLimit configured() {
    String setting = System.getProperty(PROPERTY);
    return new MemoryLimit(setting == null ? UNKNOWN : parse(setting));
  }

  /// The bytes a setting names: a number, with `k`, `m`, `g` or `t` for powers of 1024.
  ///
  /// @throws IllegalArgumentException if it is none
  static long parse(String text) {
    String number = text.strip().toLowerCase(Locale.ROOT);
    int power = number.isEmpty() ? -1 : "kmgt".indexOf(number.charAt(number.length() - 1));
    try {
      long value = Long.parseLong(power < 0 ? number : number.substring(0, number.length() - 1));
      long bytes = Math.multiplyExact(value, 1L << (10 * (power + 1)));
      if (bytes > 0) {
        return bytes;
      }
    } catch (NumberFormatException | ArithmeticException _) {
      // told below
    }
    throw new IllegalArgumentException(
        PROPERTY
            + ": '"
            + text
            + "' is not an amount of memory; expected a number such as 512m or 4g");
  }

  boolean allows(long taken) {
    return bytes == UNKNOWN && taken <= BEYOND_QUESTION || taken <= bytes();
  }

  /// The most that may be taken.
  public long bytes() {
    if (bytes == UNKNOWN) {
      bytes = physical() / 4 * 3;
    }
    return bytes;
  }

  /// Memory of the machine, or of the container.
  static long physical() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }
}
