import pytest

from blaljus.store.new_migration import begin


def test_migrations_are_numbered_after_the_last_one(tmp_path):
    (tmp_path / "m0007_before.py").touch()

    path = begin("add-waiting-list", tmp_path)

    assert path.name == "m0008_add_waiting_list.py"
    text = path.read_text(encoding="utf-8")
    assert 'ID = "0008-add-waiting-list"' in text
    compile(text, path.name, "exec")


@pytest.mark.parametrize("name", ["", "Add", "a b", "../x"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="lower-case"):
        begin(name, tmp_path)
