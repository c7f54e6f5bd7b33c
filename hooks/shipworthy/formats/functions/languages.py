"""One table for each language: what the nodes of its grammar are.

A row is a role and the node types that have it. What is in no row is looked into, and means nothing by itself.

Source: the ``node-types.json`` of each tree-sitter grammar.
"""

from __future__ import annotations

from typing import NamedTuple

FUNCTION, CLASS, BLOCK, WRAPPER, TYPE = "function", "class", "block", "wrapper", "type"
IF, SWITCH, CASE, LOOP, TRY, HANDLER, PART = "if", "switch", "case", "loop", "try", "handler", "part"
RETURN, THROW, NOTHING, DECLARATION, ASSIGNMENT = "return", "throw", "nothing", "declaration", "assignment"
CALL, NEW, MEMBER, NAME, STRING, INTERPOLATION = "call", "new", "member", "name", "string", "interpolation"
VALUE, ENTRY, OPERATION, COMPREHENSION, COMMENT, DECORATION = (
    "value",
    "entry",
    "operation",
    "comprehension",
    "comment",
    "decoration",
)


class Language(NamedTuple):
    """A grammar's node types by role, and what the grammar does not tell.

    ``returns_last`` are the kinds of functions that give what their last expression gives. ``throwing`` are calls that
    end the function as ``throw`` does. ``receivers`` are the names by which a method calls its object.
    """

    roles: dict[str, str]
    returns_last: frozenset[str]
    throwing: frozenset[str]
    receivers: frozenset[str]


def _language(
    rows: dict[str, str], *, returns_last: str = "", throwing: str = "", receivers: str = "this super"
) -> Language:
    roles = {name: role for role, names in rows.items() for name in names.split()}
    return Language(roles, *(frozenset(names.split()) for names in (returns_last, throwing, receivers)))


_JAVASCRIPT = _language(
    {
        FUNCTION: "function_declaration generator_function_declaration function_expression generator_function"
        " arrow_function method_definition",
        CLASS: "class_declaration abstract_class_declaration class",
        BLOCK: "statement_block program class_body switch_body",
        WRAPPER: "expression_statement parenthesized_expression await_expression as_expression satisfies_expression"
        " non_null_expression type_assertion",
        TYPE: "type_annotation type_arguments interface_declaration type_alias_declaration type_parameters",
        IF: "if_statement",
        PART: "else_clause",
        SWITCH: "switch_statement",
        CASE: "switch_case switch_default",
        LOOP: "for_statement for_in_statement while_statement do_statement",
        TRY: "try_statement",
        HANDLER: "catch_clause finally_clause",
        RETURN: "return_statement",
        THROW: "throw_statement",
        NOTHING: "empty_statement break_statement continue_statement debugger_statement import_statement",
        DECLARATION: "variable_declarator",
        ASSIGNMENT: "assignment_expression augmented_assignment_expression update_expression",
        CALL: "call_expression",
        NEW: "new_expression",
        MEMBER: "member_expression subscript_expression",
        NAME: "identifier this super shorthand_property_identifier",
        STRING: "string template_string regex",
        INTERPOLATION: "template_substitution",
        VALUE: "number true false null undefined",
        ENTRY: "pair",
        OPERATION: "binary_expression unary_expression ternary_expression yield_expression jsx_element"
        " jsx_self_closing_element jsx_fragment",
        COMMENT: "comment html_comment",
        DECORATION: "decorator",
    }
)
_PYTHON = _language(
    {
        FUNCTION: "function_definition",
        CLASS: "class_definition",
        BLOCK: "block module",
        WRAPPER: "expression_statement parenthesized_expression await",
        TYPE: "type type_parameter",
        IF: "if_statement",
        PART: "elif_clause else_clause",
        SWITCH: "match_statement",
        CASE: "case_clause",
        LOOP: "for_statement while_statement with_statement",
        TRY: "try_statement",
        HANDLER: "except_clause except_group_clause finally_clause",
        RETURN: "return_statement",
        THROW: "raise_statement",
        NOTHING: "pass_statement break_statement continue_statement global_statement nonlocal_statement"
        " import_statement import_from_statement ellipsis",
        ASSIGNMENT: "assignment augmented_assignment named_expression",
        CALL: "call",
        MEMBER: "attribute subscript",
        NAME: "identifier",
        STRING: "string concatenated_string",
        INTERPOLATION: "interpolation",
        VALUE: "integer float true false none",
        ENTRY: "pair keyword_argument",
        OPERATION: "binary_operator boolean_operator comparison_operator unary_operator not_operator"
        " conditional_expression yield lambda delete_statement assert_statement",
        COMPREHENSION: "list_comprehension set_comprehension dictionary_comprehension generator_expression",
        COMMENT: "comment",
        DECORATION: "decorator",
    },
    receivers="self cls super",
)
_GO = _language(
    {
        FUNCTION: "function_declaration method_declaration func_literal",
        BLOCK: "block statement_list source_file",
        WRAPPER: "expression_statement parenthesized_expression expression_list literal_element",
        TYPE: "map_type slice_type array_type qualified_type pointer_type struct_type interface_type type_declaration"
        " function_type channel_type generic_type",
        IF: "if_statement",
        SWITCH: "expression_switch_statement type_switch_statement select_statement",
        CASE: "expression_case default_case type_case communication_case",
        LOOP: "for_statement",
        RETURN: "return_statement",
        NOTHING: "empty_statement break_statement continue_statement fallthrough_statement goto_statement",
        DECLARATION: "var_spec const_spec short_var_declaration",
        ASSIGNMENT: "assignment_statement inc_statement dec_statement",
        CALL: "call_expression",
        MEMBER: "selector_expression index_expression slice_expression",
        NAME: "identifier",
        STRING: "interpreted_string_literal raw_string_literal",
        VALUE: "int_literal float_literal imaginary_literal rune_literal true false nil iota",
        ENTRY: "keyed_element",
        OPERATION: "binary_expression unary_expression type_assertion_expression send_statement",
        COMMENT: "comment",
    },
    throwing="panic",
    receivers="",
)
_JAVA = _language(
    {
        FUNCTION: "method_declaration constructor_declaration compact_constructor_declaration lambda_expression",
        CLASS: "class_declaration interface_declaration enum_declaration record_declaration",
        BLOCK: "block constructor_body program class_body interface_body enum_body switch_block",
        WRAPPER: "expression_statement parenthesized_expression cast_expression",
        TYPE: "type_arguments generic_type array_type scoped_type_identifier integral_type modifiers",
        IF: "if_statement",
        SWITCH: "switch_expression",
        CASE: "switch_block_statement_group switch_rule",
        LOOP: "for_statement enhanced_for_statement while_statement do_statement synchronized_statement",
        TRY: "try_statement try_with_resources_statement",
        HANDLER: "catch_clause finally_clause",
        RETURN: "return_statement yield_statement",
        THROW: "throw_statement",
        NOTHING: "break_statement continue_statement",
        DECLARATION: "variable_declarator resource",
        ASSIGNMENT: "assignment_expression update_expression",
        CALL: "method_invocation explicit_constructor_invocation",
        NEW: "object_creation_expression",
        MEMBER: "field_access array_access method_reference class_literal",
        NAME: "identifier this super",
        STRING: "string_literal",
        INTERPOLATION: "string_interpolation",
        VALUE: "decimal_integer_literal hex_integer_literal octal_integer_literal binary_integer_literal"
        " decimal_floating_point_literal hex_floating_point_literal true false null_literal character_literal",
        OPERATION: "binary_expression unary_expression ternary_expression instanceof_expression assert_statement",
        COMMENT: "line_comment block_comment",
    }
)
_KOTLIN = _language(
    {
        FUNCTION: "function_declaration anonymous_function lambda_literal secondary_constructor",
        CLASS: "class_declaration object_declaration companion_object",
        BLOCK: "block source_file class_body enum_class_body",
        WRAPPER: "parenthesized_expression as_expression labeled_expression value_argument",
        TYPE: "user_type nullable_type function_type type_arguments modifiers",
        IF: "if_expression",
        SWITCH: "when_expression",
        CASE: "when_entry",
        LOOP: "for_statement while_statement do_while_statement",
        TRY: "try_expression",
        HANDLER: "catch_block finally_block",
        RETURN: "return_expression",
        THROW: "throw_expression",
        NOTHING: "break_expression continue_expression",
        DECLARATION: "property_declaration",
        ASSIGNMENT: "assignment postfix_unary_expression",
        CALL: "call_expression constructor_invocation",
        MEMBER: "navigation_expression index_expression callable_reference",
        NAME: "identifier this_expression super_expression",
        STRING: "string_literal multiline_string_literal",
        INTERPOLATION: "interpolation",
        VALUE: "number_literal float_literal character_literal null boolean_literal",
        OPERATION: "binary_expression unary_expression range_expression in_expression is_expression"
        " elvis_expression comparison_expression equality_expression",
        COMMENT: "line_comment block_comment multiline_comment",
    },
    returns_last="lambda_literal",
    throwing="TODO error",
)
_CSHARP = _language(
    {
        FUNCTION: "method_declaration constructor_declaration local_function_statement lambda_expression"
        " anonymous_method_expression accessor_declaration property_declaration",
        CLASS: "class_declaration interface_declaration struct_declaration record_declaration",
        BLOCK: "block compilation_unit declaration_list switch_body accessor_list",
        WRAPPER: "expression_statement parenthesized_expression await_expression cast_expression argument",
        TYPE: "type_argument_list predefined_type implicit_type nullable_type array_type attribute_list",
        IF: "if_statement",
        SWITCH: "switch_statement switch_expression",
        CASE: "switch_section switch_expression_arm",
        LOOP: "for_statement foreach_statement while_statement do_statement using_statement lock_statement",
        TRY: "try_statement",
        HANDLER: "catch_clause finally_clause",
        RETURN: "return_statement",
        THROW: "throw_statement throw_expression",
        NOTHING: "break_statement continue_statement empty_statement",
        DECLARATION: "variable_declarator",
        ASSIGNMENT: "assignment_expression postfix_unary_expression",
        CALL: "invocation_expression",
        NEW: "object_creation_expression implicit_object_creation_expression",
        MEMBER: "member_access_expression conditional_access_expression element_access_expression",
        NAME: "identifier this base",
        STRING: "string_literal verbatim_string_literal raw_string_literal interpolated_string_expression",
        INTERPOLATION: "interpolation",
        VALUE: "integer_literal real_literal boolean_literal null_literal character_literal default_expression",
        OPERATION: "binary_expression prefix_unary_expression conditional_expression is_pattern_expression"
        " is_expression yield_statement",
        COMMENT: "comment",
    },
    receivers="this base",
)
_RUST = _language(
    {
        FUNCTION: "function_item closure_expression",
        CLASS: "impl_item trait_item mod_item",
        BLOCK: "block source_file declaration_list match_block unsafe_block async_block",
        WRAPPER: "expression_statement parenthesized_expression await_expression reference_expression try_expression"
        " type_cast_expression",
        TYPE: "type_arguments generic_type reference_type scoped_type_identifier primitive_type",
        IF: "if_expression",
        PART: "else_clause",
        SWITCH: "match_expression",
        CASE: "match_arm",
        LOOP: "for_expression while_expression loop_expression",
        RETURN: "return_expression",
        NOTHING: "empty_statement break_expression continue_expression use_declaration",
        DECLARATION: "let_declaration",
        ASSIGNMENT: "assignment_expression compound_assignment_expr",
        CALL: "call_expression macro_invocation",
        MEMBER: "field_expression index_expression scoped_identifier",
        NAME: "identifier self",
        STRING: "string_literal raw_string_literal",
        VALUE: "integer_literal float_literal boolean_literal char_literal unit_expression",
        ENTRY: "field_initializer",
        OPERATION: "binary_expression unary_expression range_expression",
        COMMENT: "line_comment block_comment",
        DECORATION: "attribute_item inner_attribute_item",
    },
    returns_last="function_item closure_expression",
    throwing="panic todo unimplemented bail",
    receivers="self Self",
)
_RUBY = _language(
    {
        FUNCTION: "method singleton_method do_block block lambda",
        CLASS: "class module singleton_class",
        BLOCK: "body_statement program block_body then",
        WRAPPER: "parenthesized_statements argument_list_with_trailing_comma",
        IF: "if unless if_modifier unless_modifier",
        PART: "elsif else",
        SWITCH: "case case_match",
        CASE: "when in_clause",
        LOOP: "while until for while_modifier until_modifier",
        TRY: "begin",
        HANDLER: "rescue ensure rescue_modifier",
        RETURN: "return",
        NOTHING: "break next redo retry empty_statement",
        ASSIGNMENT: "assignment operator_assignment",
        CALL: "call yield super",
        MEMBER: "element_reference scope_resolution",
        NAME: "identifier constant instance_variable class_variable global_variable self",
        STRING: "string heredoc_body string_array bare_string subshell regex",
        INTERPOLATION: "interpolation",
        VALUE: "integer float true false nil simple_symbol",
        ENTRY: "pair",
        OPERATION: "binary unary conditional",
        COMMENT: "comment",
    },
    returns_last="method singleton_method do_block block lambda",
    throwing="raise fail abort",
    receivers="self",
)
_PHP = _language(
    {
        FUNCTION: "function_definition method_declaration anonymous_function anonymous_function_creation_expression"
        " arrow_function",
        CLASS: "class_declaration interface_declaration trait_declaration enum_declaration anonymous_class",
        BLOCK: "compound_statement program declaration_list switch_block colon_block match_block",
        WRAPPER: "expression_statement parenthesized_expression cast_expression clone_expression",
        TYPE: "named_type primitive_type union_type optional_type attribute_list",
        IF: "if_statement",
        PART: "else_if_clause else_clause",
        SWITCH: "switch_statement match_expression",
        CASE: "case_statement default_statement match_conditional_expression match_default_expression",
        LOOP: "foreach_statement for_statement while_statement do_statement",
        TRY: "try_statement",
        HANDLER: "catch_clause finally_clause",
        RETURN: "return_statement",
        THROW: "throw_expression",
        NOTHING: "break_statement continue_statement empty_statement",
        ASSIGNMENT: "assignment_expression augmented_assignment_expression update_expression",
        CALL: "function_call_expression member_call_expression nullsafe_member_call_expression"
        " scoped_call_expression echo_statement print_intrinsic exit_statement",
        NEW: "object_creation_expression",
        MEMBER: "member_access_expression nullsafe_member_access_expression scoped_property_access_expression"
        " class_constant_access_expression subscript_expression",
        NAME: "variable_name name qualified_name",
        STRING: "string encapsed_string heredoc nowdoc",
        VALUE: "integer float boolean null",
        ENTRY: "array_element_initializer",
        OPERATION: "binary_expression unary_op_expression conditional_expression yield_expression",
        COMMENT: "comment",
    },
    throwing="abort die",
    receivers="this self static parent",
)
_SHELL = _language(
    {
        FUNCTION: "program function_definition",
        BLOCK: "compound_statement do_group subshell list",
        IF: "if_statement",
        PART: "elif_clause else_clause",
        SWITCH: "case_statement",
        CASE: "case_item",
        LOOP: "for_statement while_statement c_style_for_statement",
        DECLARATION: "variable_assignment declaration_command unset_command",
        CALL: "command",
        NAME: "variable_name",
        STRING: "string raw_string",
        VALUE: "number",
        OPERATION: "redirected_statement pipeline command_substitution process_substitution",
        COMMENT: "comment",
    },
    receivers="",
)
LANGUAGES: dict[str, Language] = {
    "bash": _SHELL,
    "csharp": _CSHARP,
    "go": _GO,
    "java": _JAVA,
    "javascript": _JAVASCRIPT,
    "kotlin": _KOTLIN,
    "php": _PHP,
    "python": _PYTHON,
    "ruby": _RUBY,
    "rust": _RUST,
    "tsx": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
}
"""The languages by the name of their grammar in `shipworthy.formats.syntax`."""
