package dev.proteus.backend.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Heap arrays that kernels work in, kept for reuse: fresh ones cost page faults and collections.
///
/// Lengths are powers of two; contents are left over from earlier use.
public final class Scratch {
  private final List<Queue<float[]>> floats = queues();
  private final List<Queue<double[]>> doubles = queues();

  private static <A> List<Queue<A>> queues() {
    List<Queue<A>> queues = new ArrayList<>();
    for (int bits = 0; bits < Integer.SIZE; bits++) {
      queues.add(new ConcurrentLinkedQueue<>());
    }
    return List.copyOf(queues);
  }

  private static int bits(int length) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, length) - 1);
  }

  /// An array of at least `length` floats.
  public float[] floats(int length) {
    float @Nullable [] kept = floats.get(bits(length)).poll();
    return kept == null ? new float[1 << bits(length)] : kept;
  }

  /// An array of at least `length` doubles.
  public double[] doubles(int length) {
    double @Nullable [] kept = doubles.get(bits(length)).poll();
    return kept == null ? new double[1 << bits(length)] : kept;
  }

  /// Takes an array back that came from here.
  public void give(float[] array) {
    floats.get(bits(array.length)).add(array);
  }

  /// Takes an array back that came from here.
  public void give(double[] array) {
    doubles.get(bits(array.length)).add(array);
  }

  /// Lets all kept arrays go.
  public void trim() {
    floats.forEach(Queue::clear);
    doubles.forEach(Queue::clear);
  }
}
