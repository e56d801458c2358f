package dev.proteus.backend.cpu;

import static dev.proteus.backend.cpu.Elements.BYTE;
import static dev.proteus.backend.cpu.Elements.INT;
import static dev.proteus.backend.cpu.Elements.LONG;
import static dev.proteus.backend.cpu.Elements.SHORT;

import java.lang.foreign.MemorySegment;

/// Moves elements as words of 1, 2, 4 or 8 bytes, whatever they mean.
final class Words {
  /// Shorter runs are not worth the checks of a bulk copy.
  private static final long BULK = 64;

  private Words() {}

  /// Copies `n` words; steps are counted in words, places in bytes.
  static void copy(
      int width,
      MemorySegment from,
      long fromAt,
      long fromStep,
      MemorySegment to,
      long toAt,
      long toStep,
      long n) {
    if (fromStep == 1 && toStep == 1 && n * width >= BULK) {
      MemorySegment.copy(from, fromAt, to, toAt, n * width);
      return;
    }
    switch (width) {
      case 1 -> {
        for (long i = 0; i < n; i++) {
          to.set(BYTE, toAt + i * toStep, from.get(BYTE, fromAt + i * fromStep));
        }
      }
      case 2 -> {
        for (long i = 0; i < n; i++) {
          to.set(SHORT, toAt + 2 * i * toStep, from.get(SHORT, fromAt + 2 * i * fromStep));
        }
      }
      case 4 -> {
        for (long i = 0; i < n; i++) {
          to.set(INT, toAt + 4 * i * toStep, from.get(INT, fromAt + 4 * i * fromStep));
        }
      }
      case 8 -> {
        for (long i = 0; i < n; i++) {
          to.set(LONG, toAt + 8 * i * toStep, from.get(LONG, fromAt + 8 * i * fromStep));
        }
      }
      default -> throw new IllegalArgumentException("words of " + width + " bytes");
    }
  }

  /// Copies one word.
  static void copy(int width, MemorySegment from, long fromAt, MemorySegment to, long toAt) {
    switch (width) {
      case 1 -> to.set(BYTE, toAt, from.get(BYTE, fromAt));
      case 2 -> to.set(SHORT, toAt, from.get(SHORT, fromAt));
      case 4 -> to.set(INT, toAt, from.get(INT, fromAt));
      case 8 -> to.set(LONG, toAt, from.get(LONG, fromAt));
      default -> throw new IllegalArgumentException("words of " + width + " bytes");
    }
  }
}
