package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.conv.ConvShape.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// How one axis of an operand is read by the windows of a convolution, or of its gradient.
///
/// @param size elements of the operand
/// @param kernel elements of a window
/// @param step elements of the operand from one plane index to the next
/// @param padding zeros before the first element
/// @param phases residues of the step that are read
/// @param extra plane indices that the last place reads beyond its own
/// @param parts the places of results, by which elements they read
record AxisPlan(
    int size,
    int kernel,
    int step,
    int padding,
    List<Integer> phases,
    int extra,
    List<Part> parts) {

  /// Places of results that read alike.
  ///
  /// @param first the first place
  /// @param step from one place to the next
  /// @param count number of places
  /// @param taps what each place reads
  record Part(int first, int step, int count, List<Read> taps) {}

  /// One element that a place reads.
  ///
  /// @param kernel its index in the kernel
  /// @param tap where it lies
  record Read(int kernel, Planes.Tap tap) {}

  /// The convolution reads x: window o reads element `o·stride + t·dilation − padding` for each t.
  static AxisPlan forward(Axis axis) {
    TreeSet<Integer> residues = new TreeSet<>();
    for (int t = 0; t < axis.kernel(); t++) {
      residues.add(t * axis.dilation() % axis.stride());
    }
    List<Integer> phases = List.copyOf(residues);
    List<Read> taps = new ArrayList<>();
    for (int t = 0; t < axis.kernel(); t++) {
      int reach = t * axis.dilation();
      int phase = phases.indexOf(reach % axis.stride());
      taps.add(new Read(t, new Planes.Tap(phase, reach / axis.stride())));
    }
    int extra = (axis.kernel() - 1) * axis.dilation() / axis.stride();
    Part all = new Part(0, 1, axis.windows(), List.copyOf(taps));
    return new AxisPlan(
        axis.size(), axis.kernel(), axis.stride(), axis.padding(), phases, extra, List.of(all));
  }

  /// The gradient for x reads the gradient g: element i of x was read as tap t by window `(i +
  /// padding − t·dilation) / stride`, where that is whole. Elements of one residue of the stride
  /// read alike.
  static AxisPlan backward(Axis axis) {
    int least = 0;
    int most = 0;
    List<Part> parts = new ArrayList<>();
    for (int first = 0; first < Math.min(axis.stride(), axis.size()); first++) {
      List<Read> taps = new ArrayList<>();
      for (int t = 0; t < axis.kernel(); t++) {
        int reach = first + axis.padding() - t * axis.dilation();
        if (Math.floorMod(reach, axis.stride()) == 0) {
          int shift = Math.floorDiv(reach, axis.stride());
          taps.add(new Read(t, new Planes.Tap(0, shift)));
          least = Math.min(least, shift);
          most = Math.max(most, shift);
        }
      }
      int count = Math.ceilDiv(axis.size() - first, axis.stride());
      parts.add(new Part(first, axis.stride(), count, taps));
    }
    int padding = -least;
    List<Part> moved = parts.stream().map(p -> moved(p, padding)).toList();
    return new AxisPlan(
        axis.windows(), axis.kernel(), 1, padding, List.of(0), most + padding, moved);
  }

  private static Part moved(Part part, int padding) {
    List<Read> taps =
        part.taps.stream()
            .map(r -> new Read(r.kernel, new Planes.Tap(0, r.tap.shift() + padding)))
            .toList();
    return new Part(part.first, part.step, part.count, taps);
  }

  /// Places in the largest part.
  int count() {
    return parts.stream().mapToInt(Part::count).max().orElse(0);
  }

  /// Planes for so many places.
  Planes.Axis planes(int places) {
    return new Planes.Axis(size, step, padding, places + extra, phases);
  }
}
