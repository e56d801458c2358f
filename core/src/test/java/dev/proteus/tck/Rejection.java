package dev.proteus.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.reference.ReferenceProvider;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.List;

/// A call that must fail, with the same words on every device.
///
/// @param error what is thrown
/// @param call what is called
/// @param shapes the operands' shapes
/// @param known what the error is known from
public record Rejection(
    Class<? extends RuntimeException> error, Sample.Operator call, Case shapes, Known known) {
  /// What an error is known from.
  public enum Known {
    /// Shapes, types and attributes: the meta device refuses, too.
    SPECS,
    /// Values.
    DATA
  }

  /// The sample's call, with operands of a type it has no meaning for.
  static Rejection ofType(Sample sample) {
    return new Rejection(
        DTypeException.class, sample.call(), sample.cases().getFirst(), Known.SPECS);
  }

  void check(Device device, Sample sample, DType dtype) {
    Inputs inputs = Inputs.of(sample, shapes, dtype, Arrangement.CONTIGUOUS);
    List<Tensor> operands = inputs.on(device);
    String message = message(device, operands);
    assertTrue(message.matches("(?s)\\w+( \\w+)?: .+"), "names no operator: " + message);
    Device other =
        switch (known) {
          case SPECS -> Device.META;
          case DATA -> ReferenceProvider.DEVICE;
        };
    String there = message(other, inputs.on(other));
    assertEquals(there.replace(other.toString(), device.toString()), message);
    operands.forEach(x -> assertEquals(0, x.version()));
  }

  private String message(Device device, List<Tensor> operands) {
    var thrown = assertThrows(error, () -> Scope.on(device, () -> call.apply(operands)));
    return String.valueOf(thrown.getMessage());
  }

  @Override
  public String toString() {
    return shapes + (known == Known.DATA ? " for values" : "");
  }
}
