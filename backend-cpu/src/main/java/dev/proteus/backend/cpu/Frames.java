package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Loops;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Frames that wait for their next use. A thread finds the one it gave back last, unless another
/// thread took it.
final class Frames {
  private static final int SPREAD = 64;

  private final Loops loops;
  private final AtomicReferenceArray<@Nullable Frame> waiting = new AtomicReferenceArray<>(SPREAD);

  Frames(Loops loops) {
    this.loops = loops;
  }

  Loops loops() {
    return loops;
  }

  Frame take() {
    Frame frame = waiting.getAndSet(slot(), null);
    return frame == null ? new Frame(loops) : frame;
  }

  void giveBack(Frame frame) {
    waiting.lazySet(slot(), frame);
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() & (SPREAD - 1);
  }
}
