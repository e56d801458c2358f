package dev.proteus.state;

/// How a module takes in a state dict.
///
/// ```java
/// model.load(dict, LoadOptions.DEFAULT.assign().lenient());
/// ```
///
/// @param names what happens when names differ
/// @param values how values are taken
/// @param shapes what happens when shapes differ
public record LoadOptions(Names names, Values values, Shapes shapes) {
  /// What happens when the module and the state dict do not have the same names.
  public enum Names {
    /// It is an error (rule SD-24).
    STRICT,
    /// What fits is loaded, the rest reported.
    LENIENT
  }

  /// How values are taken.
  public enum Values {
    /// They are copied into the module's memory, which keeps type and device (rule SD-30).
    COPY,
    /// The module's tensors become aliases of the given ones, with their type and device (rule
    /// SD-31).
    ASSIGN
  }

  /// What happens to an entry whose shape is not the module's (rule SD-22).
  public enum Shapes {
    FAIL,
    /// It is left out and reported.
    SKIP
  }

  /// Strict, by copy.
  public static final LoadOptions DEFAULT = new LoadOptions(Names.STRICT, Values.COPY, Shapes.FAIL);

  /// These, but names may differ.
  public LoadOptions lenient() {
    return new LoadOptions(Names.LENIENT, values, shapes);
  }

  /// These, but values are assigned.
  public LoadOptions assign() {
    return new LoadOptions(names, Values.ASSIGN, shapes);
  }

  /// These, but entries of another shape are left out.
  public LoadOptions skipMismatched() {
    return new LoadOptions(names, values, Shapes.SKIP);
  }
}
