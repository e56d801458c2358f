package dev.proteus.oracle;

import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads cases back from the line they are printed as.
final class CaseText {
  private static final Pattern OPERAND =
      Pattern.compile("(\\w+)\\[([\\d,]*)](?:@(\\w+))?~([^#]+)#(-?\\d+)(!?)");

  private static final Pattern WHOLE = Pattern.compile("-?\\d+");

  private static final Pattern REAL = Pattern.compile("-?(\\d+\\.\\d+(E-?\\d+)?|Infinity|NaN)");

  private CaseText() {}

  /// @throws IllegalArgumentException if the line is no case
  static Case parse(String line) {
    String[] parts = line.strip().split(" +", -1);
    String[] head = parts[0].split(":", -1);
    Map<String, Value> arguments = new LinkedHashMap<>();
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "case: '%s' is no argument; expected name=value".formatted(part));
      }
      arguments.put(part.substring(0, equals), value(part.substring(equals + 1)));
    }
    Case.Mode mode =
        head.length == 1 ? Case.Mode.VALUE : Case.Mode.valueOf(head[1].toUpperCase(Locale.ROOT));
    return new Case(head[0], mode, arguments);
  }

  static Value value(String text) {
    Matcher operand = OPERAND.matcher(text);
    if (operand.matches()) {
      return operand(operand);
    }
    if (text.startsWith("(")) {
      String inside = text.substring(1, text.length() - 1);
      List<String> all = inside.isEmpty() ? List.of() : Arrays.asList(inside.split(";", -1));
      return new Value.Operands(all.stream().map(one -> (Operand) value(one)).toList());
    }
    if (text.startsWith("[")) {
      return list(text.substring(1, text.length() - 1));
    }
    if (WHOLE.matcher(text).matches()) {
      return new Value.Whole(Long.parseLong(text));
    }
    if (REAL.matcher(text).matches()) {
      return new Value.Real(Double.parseDouble(text));
    }
    return switch (text) {
      case "-" -> Value.Absent.NONE;
      case "true", "false" -> new Value.Truth(Boolean.parseBoolean(text));
      default -> new Value.Word(text);
    };
  }

  private static Operand operand(Matcher text) {
    return new Operand(
        DType.parse(text.group(1)),
        Shape.of(wholes(text.group(2))),
        text.group(3) == null
            ? Placement.PLAIN
            : Placement.valueOf(text.group(3).toUpperCase(Locale.ROOT)),
        Fill.parse(text.group(4)),
        Integer.parseInt(text.group(5)),
        text.group(6).isEmpty() ? Operand.Role.VARIABLE : Operand.Role.CONSTANT);
  }

  private static Value list(String inside) {
    if (Arrays.stream(inside.split(",", -1)).allMatch(REAL.asMatchPredicate())) {
      return new Value.Reals(Arrays.stream(inside.split(",", -1)).map(Double::valueOf).toList());
    }
    return new Value.Wholes(wholes(inside));
  }

  private static List<Long> wholes(String inside) {
    return inside.isEmpty()
        ? List.of()
        : Arrays.stream(inside.split(",", -1)).map(Long::valueOf).toList();
  }
}
