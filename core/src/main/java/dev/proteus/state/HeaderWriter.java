package dev.proteus.state;

import dev.proteus.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes the header of a safetensors file.
final class HeaderWriter {
  private static final int ALIGNMENT = 8;

  private HeaderWriter() {}

  /// The names in the order in which the tensors' bytes follow each other: wider elements first, so
  /// that none is misaligned.
  static List<String> dataOrder(StateDict state) {
    Comparator<String> width = Comparator.comparingInt(name -> state.get(name).dtype().bytes());
    return state.tensors().keySet().stream().sorted(width.reversed()).toList();
  }

  /// The header's text, filled up with spaces so that the data is aligned.
  ///
  /// @param dataOrder names as the tensors' bytes follow each other
  static byte[] write(
      Map<String, Tensor> tensors, List<String> dataOrder, Map<String, String> metadata) {
    Map<String, Long> begins = begins(tensors, dataOrder);
    StringBuilder text = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      quote(text, HeaderParser.METADATA).append(":{");
      metadata.forEach((key, value) -> quote(quote(text, key).append(':'), value).append(','));
      closeAfterComma(text).append(',');
    }
    tensors.forEach((name, tensor) -> {
      long begin = begins.getOrDefault(name, 0L);
      quote(text, name)
          .append(":{\"dtype\":\"")
          .append(ElementNames.of(tensor.dtype()))
          .append("\",\"shape\":")
          .append(tensor.shape().toString().replace(" ", ""))
          .append(",\"data_offsets\":[")
          .append(begin)
          .append(',')
          .append(begin + tensor.spec().bytes())
          .append("]},");
    });
    byte[] header = closeAfterComma(text).toString().getBytes(StandardCharsets.UTF_8);
    int padding = -header.length & ALIGNMENT - 1;
    return text.append(" ".repeat(padding)).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Long> begins(Map<String, Tensor> tensors, List<String> dataOrder) {
    Map<String, Long> begins = new HashMap<>();
    long at = 0;
    for (String name : dataOrder) {
      Tensor tensor = tensors.get(name);
      if (name.equals(HeaderParser.METADATA) || tensor == null) {
        throw new IllegalArgumentException(
            "save: '%s' is a name the format keeps for itself".formatted(name));
      }
      begins.put(name, at);
      at += tensor.spec().bytes();
    }
    return begins;
  }

  private static StringBuilder closeAfterComma(StringBuilder text) {
    if (text.charAt(text.length() - 1) == ',') {
      text.setLength(text.length() - 1);
    }
    return text.append('}');
  }

  static StringBuilder quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"');
  }
}
