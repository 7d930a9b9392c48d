# The ros-* wheels from PyPI export include paths of the machine they were built on
# (/opt/python/...). CMake refuses imported targets whose include paths do not exist, so these are
# taken out. Include this after every find_package; on an apt or source install of ROS 2 it changes
# nothing.
get_property(_imported DIRECTORY PROPERTY IMPORTED_TARGETS)
foreach(_target IN LISTS _imported)
  get_target_property(_dirs ${_target} INTERFACE_INCLUDE_DIRECTORIES)
  if(_dirs MATCHES "/opt/python/")
    set(_kept "")
    foreach(_dir IN LISTS _dirs)
      if(NOT _dir MATCHES "^/opt/python/" OR EXISTS "${_dir}")
        list(APPEND _kept "${_dir}")
      endif()
    endforeach()
    set_property(TARGET ${_target} PROPERTY INTERFACE_INCLUDE_DIRECTORIES "${_kept}")
  endif()
endforeach()
