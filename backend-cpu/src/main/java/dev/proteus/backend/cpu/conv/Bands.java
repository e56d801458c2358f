package dev.proteus.backend.cpu.conv;

import java.util.List;

/// How images are cut into bands along one axis, so that the planes of a band stay in the
/// second-level cache and there is work for all threads.
///
/// @param axis which of the three axes
/// @param length places along it in a band
/// @param count number of bands
record Bands(int axis, int length, int count) {
  /// Elements of planes at most.
  static final long CACHED = 1 << 17;

  /// Places that a band has at least where it is only cut for the sake of threads.
  private static final long PLACES = 512;

  private static final int TASKS_PER_THREAD = 4;

  /// @param axes how the axes are read
  /// @param channels channels in a band
  /// @param tasks tasks there are, apart from bands
  static Bands choose(List<AxisPlan> axes, int channels, long tasks, int threads) {
    int axis = axes.get(0).count() > 1 ? 0 : axes.get(1).count() > 1 ? 1 : 2;
    int all = Math.max(1, axes.get(axis).count());
    int length = all;
    long wanted = threads == 1 ? 1 : (long) TASKS_PER_THREAD * threads;
    while (length > 1
        && (size(axes, axis, length) * channels > CACHED
            || tasks * Math.ceilDiv(all, length) < wanted && places(axes, axis, length) > PLACES)) {
      length = Math.ceilDiv(length, 2);
    }
    return new Bands(axis, length, Math.ceilDiv(all, length));
  }

  private static long size(List<AxisPlan> axes, int axis, int length) {
    long size = 1;
    for (int i = 0; i < 3; i++) {
      AxisPlan plan = axes.get(i);
      size *= plan.phases().size() * ((i == axis ? length : plan.count()) + (long) plan.extra());
    }
    return size;
  }

  private static long places(List<AxisPlan> axes, int axis, int length) {
    long places = 1;
    for (int i = 0; i < 3; i++) {
      places *= i == axis ? length : axes.get(i).count();
    }
    return places;
  }

  /// Planes for one band.
  Planes planes(List<AxisPlan> axes) {
    Planes.Axis[] planes = new Planes.Axis[3];
    for (int i = 0; i < 3; i++) {
      planes[i] = axes.get(i).planes(i == axis ? length : axes.get(i).count());
    }
    return new Planes(planes[0], planes[1], planes[2]);
  }

  /// The first place along axis `i` of band `number`.
  int first(int number, int i) {
    return i == axis ? number * length : 0;
  }

  /// Places along axis `i` of band `number`, of `all` there are.
  int places(int number, int i, int all) {
    return i == axis ? Math.clamp(all - (long) number * length, 0, length) : all;
  }
}
