package dev.proteus.oracle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All rules, by family.
final class Rules {
  private static final Map<String, List<Rule>> FAMILIES = new LinkedHashMap<>();

  static {
    FAMILIES.put("unary", UnaryRules.ALL_RULES);
    FAMILIES.put("binary", BinaryRules.ALL_RULES);
    FAMILIES.put("numbers", NumberRules.ALL_RULES);
    FAMILIES.put("reductions", ReduceRules.ALL_RULES);
    FAMILIES.put("order", OrderRules.ALL_RULES);
    FAMILIES.put("views", ViewRules.ALL_RULES);
    FAMILIES.put("indices", IndexRules.ALL_RULES);
    FAMILIES.put("linalg", LinalgRules.ALL_RULES);
    FAMILIES.put("nn", NnRules.ALL_RULES);
    FAMILIES.put("spatial", SpatialRules.ALL_RULES);
    FAMILIES.put("losses", LossRules.ALL_RULES);
    FAMILIES.put("optimizers", OptimRules.ALL_RULES);
  }

  private Rules() {}

  static Map<String, List<Rule>> families() {
    return FAMILIES;
  }

  /// @throws IllegalArgumentException if there is none of this name
  static Rule named(String name) {
    return FAMILIES.values().stream()
        .flatMap(List::stream)
        .filter(rule -> rule.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("oracle: no rule is called " + name));
  }
}
