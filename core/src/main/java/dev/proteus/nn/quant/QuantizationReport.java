package dev.proteus.nn.quant;

import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Tensor;
import java.util.List;

/// What a [Quantization] did.
///
/// @param weights paths of the weights that got another content
/// @param bytesBefore bytes of these weights before
/// @param bytesAfter bytes of all that they consist of now
public record QuantizationReport(List<String> weights, long bytesBefore, long bytesAfter) {
  public QuantizationReport {
    weights = List.copyOf(weights);
  }

  /// Bytes of a tensor, or of all that it consists of if it is of a kind.
  static long bytes(Tensor tensor) {
    return Kind.of(tensor)
        .map(kind ->
            kind.parts(tensor).tensors().values().stream()
                .mapToLong(QuantizationReport::bytes)
                .sum())
        .orElseGet(() -> tensor.spec().bytes());
  }

  @Override
  public String toString() {
    return "%s weights, %s bytes before, %s after"
        .formatted(weights.size(), bytesBefore, bytesAfter);
  }
}
