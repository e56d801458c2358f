package dev.proteus.backend.cpu.fast;

import static dev.proteus.type.DType.BFLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.FLOAT64;
import static dev.proteus.type.DType.INT32;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.backend.cpu.CpuProvider;
import dev.proteus.backend.cpu.fast.Check.Given;
import dev.proteus.backend.cpu.fast.Check.Lie;
import dev.proteus.op.Cat;
import dev.proteus.op.Permute;
import dev.proteus.op.Place;
import dev.proteus.op.Slice;
import dev.proteus.op.Window;
import dev.proteus.spi.Backend;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/// [PlaceKernel] and [CatKernel] against the definitions.
final class PlaceAndCatKernelTest {
  private static Place steps(Place.Mode mode) {
    return new Place(List.of(new Slice(1, 1, 20, 2), new Permute(List.of(1, 0))), mode);
  }

  private static Place windows() {
    return new Place(List.of(new Window(1, 5, 2), new Window(0, 3, 1)), Place.Mode.ADD);
  }

  @Test
  void placesThroughViews() {
    for (DType dtype : new DType[] {FLOAT32, BFLOAT16, INT32}) {
      Given base = Given.of(dtype, 30, 41);
      Given value = Given.of(dtype, 20, 30).lying(Lie.STEPPED);
      Check.kernel(steps(Place.Mode.SET), 1, base, value);
      Check.kernel(steps(Place.Mode.ADD), 2, base.lying(Lie.TRANSPOSED), value);
    }
  }

  @Test
  void addsWhereWindowsOverlap() {
    Given value = Given.of(FLOAT64, 8, 19, 5, 3);
    Check.kernel(windows(), 3, Given.of(FLOAT64, 10, 41), value);
    Check.kernel(windows(), 4, Given.of(FLOAT64, 10, 41), value.lying(Lie.CHANNELS_LAST));
  }

  @Test
  void leavesOverlappingSumsOfHalvesToTheDefinition() {
    Backend cpu = new CpuProvider().open(0);
    TensorSpec base = new TensorSpec(Shape.of(10, 41), BFLOAT16, Device.CPU);
    TensorSpec value = base.withShape(Shape.of(8, 19, 5, 3));
    assertTrue(cpu.fast(windows(), List.of(base, value)).isEmpty());
  }

  @Test
  void joinsAnyLayoutsAndTypes() {
    Given a = Given.of(FLOAT32, 3, 50, 4);
    Given b = Given.of(FLOAT32, 3, 7, 4).lying(Lie.CHANNELS_LAST);
    Check.kernel(new Cat(1), 5, a, b, a.lying(Lie.EXPANDED));
    Check.kernel(new Cat(1), 6, a, Given.of(INT32, 3, 9, 4).from(-9, 9), Given.of(FLOAT32, 0));
    Check.kernel(new Cat(0), 7, Given.of(INT32, 5).from(-9, 9), Given.of(INT32, 0));
  }
}
