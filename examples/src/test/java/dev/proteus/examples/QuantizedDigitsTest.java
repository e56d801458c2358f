package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.nn.Module;
import dev.proteus.nn.Sequential;
import dev.proteus.nn.quant.Int4Weight;
import dev.proteus.nn.quant.Int8Weight;
import dev.proteus.nn.quant.Quantization;
import dev.proteus.nn.quant.QuantizationReport;
import dev.proteus.optim.Adam;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Scope;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network that has learned the bundled digits, with its linear layers in fewer bits.
class QuantizedDigitsTest {
  private static final PrintWriter NOWHERE = new PrintWriter(Writer.nullWriter());
  private static final Digits.Split DIGITS = Digits.load(Optional.empty());
  private static StateDict learned = StateDict.builder().build();
  private static double accuracy;

  @TempDir Path folder;

  @BeforeAll
  static void learn() {
    Scope.withGenerator(
        new Generator(1),
        () -> {
          Sequential model = LeNet.create();
          Training training = training(model);
          training.epoch(1, 2, 1);
          training.epoch(2, 2, 1);
          accuracy = training.accuracy();
          learned = model.stateDict().copy();
          return model;
        });
  }

  private static Training training(Sequential model) {
    return new Training(model, new Adam(model.parameters(), 2e-3), DIGITS, 64, NOWHERE);
  }

  private static Sequential model() {
    Sequential model = LeNet.create();
    model.load(learned);
    return model;
  }

  private void check(
      Function<Module, QuantizationReport> quantize, Kind<?> kind, double points, long bytes) {
    assertTrue(accuracy > 0.9, () -> "accuracy " + accuracy);
    Sequential model = model();
    QuantizationReport report = quantize.apply(model);
    assertEquals(4 * (400 * 120 + 120 * 84 + 84 * 10), report.bytesBefore());
    assertEquals(bytes, report.bytesAfter());
    double quantized = training(model).accuracy();
    assertTrue(
        Math.abs(quantized - accuracy) <= points / 100, () -> accuracy + " became " + quantized);

    Path file = folder.resolve("quantized.safetensors");
    model.stateDict().save(file);
    Sequential other = model();
    QuantizationReport _ = quantize.apply(other);
    other.load(StateDict.load(file, kind));
    assertEquals(quantized, training(other).accuracy());
  }

  @Test
  @DisplayName("in int8 it recognises as many, within half a point, also read from a file")
  void int8() {
    long bytes = 400 * 120 + 120 * 84 + 84 * 10 + 4 * (120 + 84 + 10);
    check(Quantization::int8, Int8Weight.KIND, 0.5, bytes);
  }

  @Test
  @DisplayName("in 4 bits it recognises as many, within a point and a half, also read from a file")
  void int4() {
    long bytes = 20 * (13 * 120 + 4 * 84 + 3 * 10);
    check(Quantization::int4, Int4Weight.KIND, 1.5, bytes);
  }
}
