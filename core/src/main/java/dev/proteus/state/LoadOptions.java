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
/// @param failure what is left of a load that fails
/// @param meta what happens when something has no data after the load
/// @param renaming how names and axes of the state dict become the module's, before all else
public record LoadOptions(
    Names names, Values values, Shapes shapes, Failure failure, Meta meta, Renaming renaming) {
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
    /// SD-31): nothing is copied, and learning changes the given tensors, too (rule SD-34).
    ASSIGN,
    /// The module's tensors become copies of the given ones, with their type and device (rule
    /// SD-34).
    ASSIGN_COPY
  }

  /// What happens to an entry whose shape is not the module's (rule SD-22).
  public enum Shapes {
    FAIL,
    /// It is left out and reported.
    SKIP
  }

  /// What is left of a load that fails (rule SD-25).
  public enum Failure {
    /// Nothing: the module is as it was. A load by copy keeps the old values until the last new one
    /// is written.
    UNDONE,
    /// What fits was loaded before the error is thrown.
    PARTIAL
  }

  /// What happens when parameters or buffers have no data after the load (rule SD-37).
  public enum Meta {
    /// They are reported.
    ACCEPTED,
    /// It is an error.
    REFUSED
  }

  /// Strict, by copy, all or nothing.
  public static final LoadOptions DEFAULT =
      new LoadOptions(
          Names.STRICT, Values.COPY, Shapes.FAIL, Failure.UNDONE, Meta.ACCEPTED, Renaming.NONE);

  /// These, but names may differ.
  public LoadOptions lenient() {
    return new LoadOptions(Names.LENIENT, values, shapes, failure, meta, renaming);
  }

  /// These, but values are assigned.
  public LoadOptions assign() {
    return new LoadOptions(names, Values.ASSIGN, shapes, failure, meta, renaming);
  }

  /// These, but copies of the values are assigned.
  public LoadOptions assignCopy() {
    return new LoadOptions(names, Values.ASSIGN_COPY, shapes, failure, meta, renaming);
  }

  /// These, but entries of another shape are left out.
  public LoadOptions skipMismatched() {
    return new LoadOptions(names, values, Shapes.SKIP, failure, meta, renaming);
  }

  /// These, but what fits is loaded even if the rest makes the load fail.
  public LoadOptions partial() {
    return new LoadOptions(names, values, shapes, Failure.PARTIAL, meta, renaming);
  }

  /// These, but nothing may be without data after the load.
  public LoadOptions refuseMeta() {
    return new LoadOptions(names, values, shapes, failure, Meta.REFUSED, renaming);
  }

  /// These, with the state dict's names and axes changed first.
  ///
  /// ```java
  /// LoadOptions.DEFAULT.rename(Renaming.NONE.prefix("module.", "").transpose("fc\\d\\.weight"))
  /// ```
  public LoadOptions rename(Renaming rules) {
    return new LoadOptions(names, values, shapes, failure, meta, rules);
  }
}
