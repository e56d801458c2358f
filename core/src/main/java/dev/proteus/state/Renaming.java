package dev.proteus.state;

import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/// How the entries of a state dict made elsewhere become those of a module: rules that each entry
/// goes through in order. An immutable value.
///
/// ```java
/// Renaming gpt =
///     Renaming.NONE
///         .prefix("transformer.", "")
///         .pattern("h\\.(\\d+)\\.", "blocks.$1.")
///         .transpose("blocks\\.\\d+\\.(attn|mlp)\\..*\\.weight")
///         .leaveOut(".*\\.attn\\.bias");
/// model.load(dict, LoadOptions.DEFAULT.rename(gpt));
/// ```
///
/// @param rules what is done, in order
public record Renaming(List<Rule> rules) {
  /// Leaves everything as it is.
  public static final Renaming NONE = new Renaming(List.of());

  public Renaming {
    rules = List.copyOf(rules);
  }

  /// One step. Its text is what errors call it.
  public sealed interface Rule {
    /// Names that begin with `from` begin with `to` instead.
    record Prefix(String from, String to) implements Rule {
      @Override
      public String toString() {
        return "prefix '%s' -> '%s'".formatted(from, to);
      }
    }

    /// Every place in a name that `pattern` finds becomes `replacement`, which may use groups as
    /// [java.util.regex.Matcher#replaceAll(String)] does.
    record Match(Pattern pattern, String replacement) implements Rule {
      @Override
      public String toString() {
        return "pattern '%s' -> '%s'".formatted(pattern, replacement);
      }
    }

    /// Entries whose whole name matches get their axes in this order, without a copy.
    record Axes(Pattern pattern, List<Integer> order) implements Rule {
      public Axes {
        order = List.copyOf(order);
      }

      @Override
      public String toString() {
        return "axes '%s' -> %s".formatted(pattern, order);
      }
    }

    /// Entries whose whole name matches are left out.
    record Out(Pattern pattern) implements Rule {
      @Override
      public String toString() {
        return "leave out '%s'".formatted(pattern);
      }
    }
  }

  /// An entry on its way.
  ///
  /// @param by the rules that changed its name
  private record Entry(String from, String name, Tensor tensor, List<Rule> by) {
    Entry named(String other, Rule rule) {
      if (other.equals(name)) {
        return this;
      }
      List<Rule> more = new ArrayList<>(by);
      more.add(rule);
      return new Entry(from, other, tensor, more);
    }

    @Override
    public String toString() {
      return by.isEmpty() ? "'" + from + "'" : "'%s' (by %s)".formatted(from, by.getLast());
    }
  }

  private Renaming and(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(rule);
    return new Renaming(more);
  }

  /// These, then `to` instead of `from` at the beginning of names.
  public Renaming prefix(String from, String to) {
    return and(new Rule.Prefix(from, to));
  }

  /// These, then `replacement` at every place of a name that the regular expression finds.
  ///
  /// @throws PatternSyntaxException if `regex` is none
  public Renaming pattern(String regex, String replacement) {
    return and(new Rule.Match(Pattern.compile(regex), replacement));
  }

  /// These, then the two axes of matrices whose whole name matches in the other order: for linear
  /// weights kept as `[in, out]`.
  ///
  /// @throws PatternSyntaxException if `regex` is none
  public Renaming transpose(String regex) {
    return permute(regex, 1, 0);
  }

  /// These, then the axes of tensors whose whole name matches in this order, as `permute(regex, 3,
  /// 2, 0, 1)` for kernels kept as `[height, width, in, out]`.
  ///
  /// @throws PatternSyntaxException if `regex` is none
  public Renaming permute(String regex, int... order) {
    return and(new Rule.Axes(Pattern.compile(regex), IntStream.of(order).boxed().toList()));
  }

  /// These, then without entries whose whole name matches.
  ///
  /// @throws PatternSyntaxException if `regex` is none
  public Renaming leaveOut(String regex) {
    return and(new Rule.Out(Pattern.compile(regex)));
  }

  /// The entries of `state` as the rules make them, in the same order; `state` stays as it is.
  /// Versions go along with the entries of their modules.
  ///
  /// @throws StateDictException if two entries get one name, or axes do not fit; it names the rule
  public StateDict apply(StateDict state) {
    if (rules.isEmpty()) {
      return state;
    }
    Map<String, Entry> done = new LinkedHashMap<>();
    state.tensors().forEach((name, tensor) -> put(done, new Entry(name, name, tensor, List.of())));
    StateDict.Builder builder = StateDict.builder();
    state.metadata().forEach(builder::metadata);
    version(builder, state, "", "");
    done.values()
        .forEach(entry -> {
          builder.put(entry.name, entry.tensor);
          version(builder, state, module(entry.from), module(entry.name));
        });
    return builder.build();
  }

  private static void version(StateDict.Builder to, StateDict state, String from, String path) {
    state.version(from).ifPresent(version -> to.version(path, version));
  }

  private static String module(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private void put(Map<String, Entry> done, Entry given) {
    Entry entry = given;
    for (Rule rule : rules) {
      switch (rule) {
        case Rule.Prefix(var from, var to) -> {
          String name = entry.name;
          if (name.startsWith(from)) {
            entry = entry.named(to + name.substring(from.length()), rule);
          }
        }
        case Rule.Match(var pattern, var replacement) ->
            entry = entry.named(replaced(pattern, replacement, entry, rule), rule);
        case Rule.Axes(var pattern, var order) -> {
          if (pattern.matcher(entry.name).matches()) {
            entry = new Entry(entry.from, entry.name, permuted(entry, order, rule), entry.by);
          }
        }
        case Rule.Out(var pattern) -> {
          if (pattern.matcher(entry.name).matches()) {
            return;
          }
        }
      }
    }
    Entry before = done.put(entry.name, entry);
    if (before != null) {
      throw new StateDictException(
          "rename: %s and %s both become '%s'".formatted(before, entry, entry.name));
    }
  }

  private static String replaced(Pattern pattern, String replacement, Entry entry, Rule rule) {
    try {
      return pattern.matcher(entry.name).replaceAll(replacement);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new StateDictException(
          "rename: %s cannot change '%s': %s".formatted(rule, entry.name, e.getMessage()), e);
    }
  }

  private static Tensor permuted(Entry entry, List<Integer> order, Rule rule) {
    Tensor tensor = entry.tensor;
    List<Integer> axes = IntStream.range(0, order.size()).boxed().toList();
    if (tensor.rank() != order.size() || !order.stream().sorted().toList().equals(axes)) {
      throw new StateDictException(
          "rename: %s does not fit '%s', which is %s; name each of its axes once"
              .formatted(rule, entry.name, tensor.shape()));
    }
    int[] permutation = order.stream().mapToInt(Integer::intValue).toArray();
    return Scope.noGrad(() -> tensor.permute(permutation));
  }
}
